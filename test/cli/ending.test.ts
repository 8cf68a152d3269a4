import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { fakeHost, run, sample } from './host.ts';

describe('the end of a run', () => {
  const waiting = (onAbort: 'reject' | 'result' | 'nothing', exit: 'ok' | 'findings' = 'ok') => {
    const host = fakeHost();
    const command = sample(
      async ({ signal }) =>
        await new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => {
            if (onAbort === 'reject') reject(new Error('the socket was closed'));
            if (onAbort === 'result') resolve({ exit, text: () => 'partly' });
          });
          setImmediate(() => {
            host.send('SIGTERM');
          });
        }),
    );
    return { host, command };
  };

  it('by a signal is 143 and one line, whatever the closed sockets say', async () => {
    const { host, command } = waiting('reject');
    const { code, stdout, stderr } = await run('thing list', host, [command]);
    expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
    expect(stderr).toBe('error: ended by SIGTERM\n(TERMINATED; lfctl explain TERMINATED)\n');
  });

  it.each([
    ['KUBE_UNREACHABLE', 143],
    ['BUG', 70],
  ] as const)('by a signal, while %s is thrown, is %i', async (thrown, code) => {
    const host = fakeHost();
    const command = sample(
      async ({ signal }) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new LfctlError(thrown, { message: 'cut off' }));
          });
          setImmediate(() => {
            host.send('SIGTERM');
          });
        }),
    );
    expect(await run('thing list', host, [command])).toMatchObject({ code });
  });

  it('by a signal keeps what was found, with the code of the signal', async () => {
    const { host, command } = waiting('result', 'findings');
    expect(await run('thing list', host, [command])).toEqual({
      code: 143,
      stdout: 'partly\n',
      stderr: expect.stringContaining('ended by SIGTERM') as string,
    });
  });

  it('comes at once with a second Ctrl-C', async () => {
    const host = fakeHost();
    const command = sample(
      async () =>
        await new Promise((resolve) => {
          setImmediate(() => {
            host.send('SIGINT');
            host.send('SIGINT');
            resolve({});
          });
        }),
    );
    await run('thing list', host, [command]);
    expect(host.ended).toEqual([130]);
  });

  it('comes by --timeout as incomplete, and findings win over it', async () => {
    const late = (exit: 'ok' | 'findings') =>
      sample(
        async ({ signal }) =>
          await new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve({ exit });
            });
          }),
      );
    const ended = await run('thing list --timeout 10ms', fakeHost(), [late('ok')]);
    expect(ended).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('not done within 10ms') as string,
    });
    expect(await run('thing list --timeout 10ms', fakeHost(), [late('findings')])).toMatchObject({ code: 1 });
    const failed = sample(
      async ({ signal }) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }),
    );
    const { code, stderr } = await run('thing list --timeout 10ms', fakeHost(), [failed]);
    expect(code).toBe(4);
    expect(stderr).toContain('not done within 10ms');
  });

  it('leaves no listener for signals behind', async () => {
    const host = fakeHost();
    await run('thing list', host, [sample(() => ({}))]);
    host.send('SIGINT');
    host.send('SIGINT');
    expect(host.ended).toEqual([]);
  });
});
