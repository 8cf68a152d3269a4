import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '../../src/cli/services.ts';
import type { Planned } from '../../src/cli/writing.ts';
import { writing } from '../../src/cli/writing.ts';
import type { Settings } from '../../src/deployment/settings.ts';
import { making, planOf, world } from '../plan/world.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfctl-writing-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Nothing is reached but a web that says its version. */
function contextOf(version: string, unverifiedVersion = false): Parameters<typeof writing>[0] {
  const url = { value: 'http://web', origin: 'LFCTL_URL' };
  const none = { databaseUrl: null, clickhouseUrl: null, redisUrl: null, s3Url: null };
  const settings = { deployment: null, kubernetes: { enabled: false }, url, stores: none };
  const body = JSON.stringify({ status: 'OK', version });
  const services = {
    env: {},
    now: () => new Date('2026-11-21T10:11:12Z'),
    actor: 'mia@laptop',
    stateFolder: () => Promise.resolve(folder),
    openLangfuse: () => ({ get: () => Promise.resolve({ status: 200, body }), close: () => undefined }),
    terminal: { progress: () => undefined, note: () => undefined },
  };
  return {
    settings: settings as unknown as Settings,
    services: services as unknown as Services,
    signal: new AbortController().signal,
    options: { dryRun: true, yes: false, confirm: undefined, unverifiedVersion },
  };
}

const aThing = (): Planned => ({
  plan: { ...planOf([making(world(), 'a')]), lock: null },
  presenting: { resume: '' },
});

const write = async (version: string, accepted?: boolean): Promise<unknown> =>
  await writing(contextOf(version, accepted), () => Promise.resolve(aThing()));

describe('a writer', () => {
  it('refuses a Langfuse newer than known ones, unless that is accepted', async () => {
    await expect(write('3.199.0')).resolves.toMatchObject({ kind: 'Plan' });
    await expect(write('9.0.0')).rejects.toMatchObject({ code: 'VERSION_UNVERIFIED', exit: 'refused' });
    await expect(write('9.0.0', true)).resolves.toMatchObject({ kind: 'Plan' });
  });
});
