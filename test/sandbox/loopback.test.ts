import { describe, expect, it } from 'vitest';
import { requireLoopback } from '../../src/sandbox/loopback.ts';

describe('the loopback addresses of the sandbox', () => {
  it.runIf(process.platform === 'linux')('are all there on Linux', async () => {
    await expect(requireLoopback()).resolves.toBeUndefined();
  });

  it('are missed by name where the system does not have them', async () => {
    // An address of the documentation block: no machine has it.
    await expect(requireLoopback('203.0.113.7')).rejects.toMatchObject({
      code: 'SANDBOX_LOOPBACK',
      exit: 'config',
      message: 'an address such as 203.0.113.7 cannot be listened on here (EADDRNOTAVAIL)',
    });
  });
});
