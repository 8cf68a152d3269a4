import { describe, expect, it } from 'vitest';
import { run } from '../cli/host.ts';

describe('the choice of checks', () => {
  it.each(['--only redis --skip redis', '--only redis/* --skip redis/*'])(
    'that leaves none is refused, not healthy: %s',
    async (flags) => {
      const { code, stdout, stderr } = await run(`doctor ${flags}`);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('no check is left');
    },
  );
});
