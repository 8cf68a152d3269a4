import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { fakeHost, run, sample } from './host.ts';

const canary = 'canary-7f3a9';

describe('a command line', () => {
  it('prints help for nothing, help and --help, on stdout, with exit 0', async () => {
    for (const line of ['', 'help', '--help', '-h']) {
      const { code, stdout, stderr } = await run(line);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage: lfctl COMMAND');
      expect(stdout).toContain('config view');
      expect(stderr).toBe('');
    }
  });

  it('prints the version', async () => {
    const document = await run('-o json --version');
    expect(JSON.parse(document.stdout)).toMatchObject({
      kind: 'Version',
      data: { lfctl: expect.any(String) },
    });
    for (const line of ['--version', '-V', '--version --no-color']) {
      expect(await run(line)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    }
  });

  it('prints help of a noun and of a command', async () => {
    const noun = await run('config --help');
    expect(noun.stdout).toContain('config use');
    expect(noun.stdout).not.toContain('sandbox up');
    const verb = await run('help config view');
    expect(verb.stdout).toContain('Usage: lfctl config view [flags]');
    expect(verb.stdout).toContain('[LFCTL_CONFIG_VIEW_SOURCES]');
    expect(verb.stdout).toContain('Exit codes:');
    expect(verb.stdout).toMatch(/Examples:\n {2}# /);
  });

  it.each([
    ['confg view', "unknown command 'confg'", 'did you mean config?'],
    ['config veiw', "unknown command 'config veiw'", 'did you mean view?'],
    ['config', 'lfctl config needs a verb: init, use, view', 'lfctl config --help'],
    ['config view --source', "unknown option '--source'", 'did you mean --sources?'],
    ['--outptu json', "unknown option '--outptu'", 'did you mean --output?'],
    ['config view extra', 'too many arguments', '--help'],
    ['config use', "missing required argument 'name'", '--help'],
    ['version --output', "option '-o, --output <FORMAT>' argument missing", '--help'],
    ['version -o jsn', '-o jsn is not offered here: text, json, yaml', 'did you mean json?'],
    ['version -o junit', '-o junit is not offered here', ''],
    ['version --timeout 5', "--timeout is '5': a duration such as 500ms", ''],
    ['version --timeout 0s', "--timeout is '0s': more than zero", ''],
    ['completion tcsh', "SHELL is 'tcsh': one of bash, zsh, fish", ''],
  ])('refuses `lfctl %s` with exit 2 and a way on', async (line, message, hint) => {
    const { code, stdout, stderr } = await run(line);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('takes global flags before and after the command', async () => {
    const before = await run('-o json version');
    const after = await run('version --output=json');
    expect(before.stdout).toBe(after.stdout);
    expect(JSON.parse(after.stdout)).toMatchObject({ kind: 'Version', version: 1, deployment: null });
  });

  it('answers to plural nouns and aliases', async () => {
    const command = sample(() => ({ text: () => 'here' }), { aliases: ['thing', 'ls'] });
    for (const line of ['thing list', 'things list', 'thing', 'ls'])
      expect(await run(line, fakeHost(), [command])).toMatchObject({ code: 0, stdout: 'here\n' });
  });
});

describe('options', () => {
  const options = {
    name: { type: 'string', placeholder: 'N', summary: 's', default: 'x' },
    only: { type: 'strings', placeholder: 'N', summary: 's', choices: ['a', 'b', 'c'] },
    count: { type: 'integer', placeholder: 'N', summary: 's', minimum: 1, maximum: 9 },
    wait: { type: 'duration', placeholder: 'D', summary: 's', defaultMs: 1000 },
    dryRun: { type: 'boolean', summary: 's' },
  } as const;
  const seen = async (line: string, env: Record<string, string> = {}): Promise<unknown> => {
    let given: unknown;
    const command = sample(
      (context) => {
        given = context.options;
        return {};
      },
      { options },
    );
    const { code, stderr } = await run(`thing list ${line}`, fakeHost({ env }), [command]);
    return code === 0 ? given : stderr;
  };

  it('have defaults, flags and variables, in that order of strength', async () => {
    const none = { name: 'x', only: [], count: undefined, wait: 1000, dryRun: false };
    expect(await seen('')).toEqual(none);
    const env = {
      LFCTL_THING_LIST_ONLY: 'a, b',
      LFCTL_THING_LIST_DRY_RUN: 'true',
      LFCTL_THING_LIST_COUNT: '',
    };
    expect(await seen('', env)).toEqual({ ...none, only: ['a', 'b'], dryRun: true });
    expect(await seen('--only c --only a,b --name= --wait 1m30s --count 9', env)).toEqual({
      name: '',
      only: ['c', 'a', 'b'],
      count: 9,
      wait: 90_000,
      dryRun: true,
    });
  });

  it.each([
    ['--count 0', {}, '--count is 0: at least 1'],
    ['--count 10', {}, '--count is 10: at most 9'],
    ['--count 1.5', {}, "--count is '1.5': a whole number"],
    ['--only d', {}, "--only is 'd': one of a, b, c"],
    ['', { LFCTL_THING_LIST_WAIT: 'soon' }, "LFCTL_THING_LIST_WAIT is 'soon'"],
    ['', { LFCTL_THING_LIST_DRY_RUN: 'perhaps' }, "LFCTL_THING_LIST_DRY_RUN is 'perhaps'"],
    ['', { LFCTL_TIMEOUT: 'x' }, "LFCTL_TIMEOUT is 'x'"],
  ])('are held to their declaration: %s %o', async (line, env, message) => {
    expect(await seen(line, env)).toContain(message);
  });
});

describe('errors', () => {
  const failing = sample(() => {
    throw new LfctlError('REFUSED', {
      message: 'a guard said no',
      fixes: [{ text: 'look', command: 'kubectl get secrets' }],
    });
  });

  it('are words with next steps on stderr', async () => {
    const { code, stdout, stderr } = await run('thing list', fakeHost(), [failing]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toBe(
      'error: a guard said no\n  look:\n    kubectl get secrets\n(REFUSED; lfctl explain REFUSED)\n',
    );
  });

  it('are one JSON document with -o json, and YAML with -o yaml', async () => {
    const { stderr, code } = await run('thing list -o json', fakeHost(), [failing]);
    expect(code).toBe(5);
    expect(JSON.parse(stderr)).toEqual({
      kind: 'Error',
      version: 1,
      code: 'REFUSED',
      message: 'a guard said no',
      fixes: [{ text: 'look', command: 'kubectl get secrets' }],
      exit: 'refused',
    });
    expect((await run('thing list -o yaml', fakeHost(), [failing])).stderr).toContain('code: REFUSED\n');
    expect(JSON.parse((await run('nothing -ojson')).stderr)).toMatchObject({ code: 'USAGE', exit: 'usage' });
    const env = { LFCTL_OUTPUT: 'json' };
    expect(JSON.parse((await run('nothing', fakeHost({ env }))).stderr)).toMatchObject({ code: 'USAGE' });
  });

  it('that nobody expected are a bug: no stack without --debug, no login ever', async () => {
    const broken = sample(() => {
      throw new TypeError(`cannot connect to postgres://me:${canary}@host/db`);
    });
    const plain = await run('thing list', fakeHost(), [broken]);
    expect(plain.code).toBe(70);
    expect(plain.stderr).toContain('postgres://[redacted]@host/db');
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    const debug = await run('thing list --debug', fakeHost(), [broken]);
    expect(debug.stderr).toMatch(/\n\s+at /);
    expect(plain.stderr + debug.stderr).not.toContain(canary);
  });

  it('show the request log with --debug only', async () => {
    const talking = sample(({ services }) => {
      services.terminal.debug?.('GET /x 200');
      return { text: () => 'done' };
    });
    expect((await run('thing list', fakeHost(), [talking])).stderr).toBe('');
    expect((await run('thing list --debug', fakeHost(), [talking])).stderr).toBe('debug: GET /x 200\n');
  });
});
