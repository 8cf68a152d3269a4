import { describe, expect, it } from 'vitest';
import { fakeHost, fakeStream, run, sample } from './host.ts';

describe('output', () => {
  const listing = sample(
    () => ({
      data: { things: ['a\tb'] },
      text: (style) => `text ${String(style.color)} ${String(style.columns)}`,
      rows: () => [['a\tb', 'c\nd']],
    }),
    { formats: ['tsv', 'markdown'] },
  );

  it('is TSV for a piped list, text on a terminal or when asked', async () => {
    expect((await run('thing list', fakeHost(), [listing])).stdout).toBe('a b\tc d\n');
    expect((await run('thing list -o text', fakeHost(), [listing])).stdout).toBe('text false 80\n');
    const stdout = fakeStream({ isTTY: true, columns: 40 });
    expect((await run('thing list', fakeHost({ stdout }), [listing])).stdout).toBe('text true 40\n');
  });

  it.each([
    [{ NO_COLOR: '1' }, true, '', false],
    [{ NO_COLOR: '' }, true, '', true],
    [{ TERM: 'dumb' }, true, '', false],
    [{ CLICOLOR_FORCE: '1' }, false, '', true],
    [{ CLICOLOR_FORCE: '0' }, false, '', false],
    [{ CLICOLOR_FORCE: '1', NO_COLOR: '1' }, true, '', false],
    [{ CLICOLOR_FORCE: '1' }, true, '--no-color', false],
    [{ LFCTL_NO_COLOR: 'true' }, true, '', false],
  ])('is coloured by the rules: %o, terminal %s, %s', async (env, isTTY, flag, color) => {
    const stdout = fakeStream({ isTTY, columns: 80 });
    const { stdout: text } = await run(`thing list -o text ${flag}`, fakeHost({ env, stdout }), [listing]);
    expect(text).toBe(`text ${String(color)} 80\n`);
  });

  it('is an envelope with -o json and yaml', async () => {
    const { stdout } = await run('thing list -o json', fakeHost(), [listing]);
    expect(JSON.parse(stdout)).toEqual({
      kind: 'Thing',
      version: 1,
      lfctl: expect.stringMatching(/^\d/),
      at: '2026-11-21T02:00:00.000Z',
      deployment: null,
      data: { things: ['a\tb'] },
    });
    expect((await run('thing list -o yaml', fakeHost(), [listing])).stdout).toMatch(
      /^kind: Thing\nversion: 1\n/,
    );
  });

  it('is nothing on success with --quiet, and everything otherwise', async () => {
    const noisy = (exit: 'ok' | 'findings') =>
      sample(({ services }) => {
        services.terminal.note('note');
        services.terminal.progress('progress');
        return { exit, text: () => 'result' };
      });
    expect(await run('thing list -q', fakeHost(), [noisy('ok')])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const found = await run('thing list -q', fakeHost(), [noisy('findings')]);
    expect(found).toEqual({ code: 1, stdout: 'result\n', stderr: '' });
  });

  it('shows progress on a terminal alone, and clears it before the result', async () => {
    const working = sample(({ services }) => {
      services.terminal.progress('at work');
      return { text: () => 'result' };
    });
    expect((await run('thing list', fakeHost(), [working])).stderr).toBe('');
    const stderr = fakeStream({ isTTY: true, columns: 80 });
    const { stderr: shown } = await run('thing list', fakeHost({ stderr }), [working]);
    expect(shown).toBe('\r\u001B[2Kat work\r\u001B[2K');
  });

  it('is plain text in a format that this run has nothing for', async () => {
    expect((await run('thing list -o markdown', fakeHost(), [listing])).stdout).toBe('text false 80\n');
  });

  it('may be closed early, and must not be full', async () => {
    const gone = fakeHost({ stdout: fakeStream({ fails: 'EPIPE' }) });
    expect(await run('thing list', gone, [listing])).toMatchObject({ code: 0, stderr: '' });
    const full = await run('thing list', fakeHost({ stdout: fakeStream({ fails: 'ENOSPC' }) }), [listing]);
    expect(full.code).toBe(4);
    expect(full.stderr).toContain('OUTPUT_WRITE');
  });
});
