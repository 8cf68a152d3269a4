import { describe, expect, it } from 'vitest';
import { Skipped } from '../../src/doctor/fact.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { openStation } from '../../src/validate/station.ts';

const failing = async (error: Error) =>
  await openStation(() => {
    throw error;
  });

describe('a store that does not open', () => {
  it('is skipped where it is not configured, or lfctl has no way into it: its hop is not required then', async () => {
    expect(await failing(new Skipped('not configured'))).toMatchObject({ state: 'skipped' });
    const azure = new LfctlError('STORE_NOT_SUPPORTED', { message: 'Azure Blob Storage' });
    expect(await failing(azure)).toEqual({ state: 'skipped', detail: 'Azure Blob Storage' });
  });

  it('is unknown by any other error of it, and a bug stays a bug', async () => {
    const refused = new LfctlError('REDIS_REFUSED', { message: 'nothing listens' });
    expect(await failing(refused)).toEqual({ state: 'unknown', detail: 'nothing listens' });
    await expect(failing(new TypeError('oops'))).rejects.toThrow('oops');
  });
});
