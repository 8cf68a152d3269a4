import { describe, expect, it } from 'vitest';
import { startChild } from '../../src/adapters/child.ts';

const env = { PATH: process.env['PATH'] ?? '' };
const sh = (script: string) => startChild({ program: 'sh', args: ['-c', script], env });

describe('a program beside lfctl', () => {
  it('ends with its exit code', async () => {
    expect(await sh('exit 3').ended).toEqual({ state: 'exited', code: 3 });
  });

  it('has the variables it was given and no others', async () => {
    const script = 'test "$GIVEN" = yes && test -z "$HOME"';
    const { ended } = startChild({ program: 'sh', args: ['-c', script], env: { ...env, GIVEN: 'yes' } });
    expect(await ended).toEqual({ state: 'exited', code: 0 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is told of %s', async (signal) => {
    const child = sh('exec sleep 60');
    child.pass(signal);
    expect(await child.ended).toEqual({ state: 'killed', signal });
    child.pass(signal);
  });

  it('says why it was not started', async () => {
    const { ended } = startChild({ program: '/nowhere/at-all', args: [], env });
    expect(await ended).toEqual({ state: 'failed', why: 'ENOENT' });
  });
});
