import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Asker, Services } from '../../src/cli/services.ts';
import { initConfig } from '../../src/cli/config-init.ts';
import type { InitInput } from '../../src/cli/config-init.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { fakeHost, run, temporaryFolder } from './host.ts';

const init = async (
  config: string,
  flags: string,
): Promise<{ code: number; stdout: string; stderr: string }> =>
  await run(`config init --config ${config} ${flags}`);

const commented = `# ours
current: a # the first
deployments:
  # do not touch
  a:
    url: https://a.example.com
`;

describe('lfctl config init', () => {
  it('writes a new file with mode 0600, and the first deployment is current', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'deep', 'config.yaml');
    const { code, stdout } = await init(file, '--name prod --context gke --namespace lf --release r');
    expect(code).toBe(0);
    expect(stdout).toContain('prod is in');
    expect(await readFile(file, 'utf8')).toBe(
      'current: prod\ndeployments:\n  prod:\n    kubernetes:\n      context: gke\n      namespace: lf\n      release: r\n',
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['config.yaml']);
  });

  it('keeps comments and order of an existing file, follows a link, and tightens its mode', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'real.yaml'), commented);
    await chmod(join(folder, 'real.yaml'), 0o644);
    await symlink(join(folder, 'real.yaml'), join(folder, 'config.yaml'));
    await init(
      join(folder, 'config.yaml'),
      '--name b --url https://b.example.com --load-balancer-idle-seconds 600',
    );
    expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toBe(
      `${commented}  b:\n    url: https://b.example.com\n    ingress:\n      loadBalancerIdleSeconds: 600\n`,
    );
    expect((await stat(join(folder, 'real.yaml'))).mode & 0o777).toBe(0o600);
  });

  it('keeps a file of comments alone', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, '# to be filled\n');
    await init(file, '--name b --url https://b.example.com');
    expect(await readFile(file, 'utf8')).toMatch(/^# to be filled\ncurrent: b\n/);
  });

  it('replaces a name only with --force', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, commented);
    const refused = await init(file, '--name a --url https://new.example.com');
    expect(refused.code).toBe(5);
    expect(await readFile(file, 'utf8')).toBe(commented);
    expect((await init(file, '--name a --url https://new.example.com --force --use')).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('# do not touch');
    expect(await readFile(file, 'utf8')).toContain('https://new.example.com');
  });

  it('names the flag of a missing answer where nobody can be asked', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    expect(await init(file, '')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--context is needed'),
    });
    const noName = await init(file, '--context c --namespace n');
    expect(noName).toMatchObject({ code: 2, stderr: expect.stringContaining('--name is needed') });
  });

  it.each([
    ['--name x --url langfuse.example.com', 2, 'url: an http:// or https:// URL is needed'],
    ['--name x --context c --namespace Not_Valid', 2, 'a namespace is lower case'],
    ['--name x --url https://x --load-balancer-idle-seconds 0', 2, 'at least 1'],
  ])('refuses %s and writes nothing', async (flags, code, words) => {
    const file = join(await temporaryFolder(), 'config.yaml');
    const outcome = await init(file, flags);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(words);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('can mend a current deployment that is not there, by config use', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, 'current: gone\ndeployments:\n  prod: { url: https://a.example.com }\n');
    expect((await run(`config use prod --config ${file}`)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('current: prod');
  });

  it('does not touch a broken file, and says what is wrong with it', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, 'currnt: a\n');
    const { code, stderr } = await init(file, '--name x --url https://x.example.com');
    expect(code).toBe(3);
    expect(stderr).toContain('line 1: currnt: unknown key; did you mean current?');
    expect(await readFile(file, 'utf8')).toBe('currnt: a\n');
  });

  it('says why it cannot write', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'config.yaml'));
    const taken = await init(join(folder, 'config.yaml'), '--name x --url https://x.example.com');
    expect(taken).toMatchObject({ code: 3, stderr: expect.stringContaining('it is a folder') });
    const homeless = await run('config init --name x --url https://x.example.com', fakeHost());
    expect(homeless).toMatchObject({ code: 3, stderr: expect.stringContaining('no home folder') });
  });
});

describe('the wizard', () => {
  const kubeconfig = `contexts:
- name: one
  context: { namespace: x }
- name: two
current-context: two
`;

  async function wizard(
    answers: readonly string[],
    parts: { readonly yes?: boolean; readonly found?: readonly string[]; readonly broken?: boolean } = {},
  ): Promise<{ asked: string[]; text: string }> {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'kube'), kubeconfig);
    const asked: string[] = [];
    const left = [...answers];
    const next = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve(left.shift() ?? '');
    };
    const ask: Asker = {
      select: async (question, choices, initial) =>
        await next(`${question}: ${choices.map(({ name }) => name).join(', ')} [${initial ?? ''}]`),
      input: async (question, initial) => (await next(`${question} [${initial}]`)) || initial,
      confirm: async () => await Promise.resolve(true),
      password: async (question) => await next(question),
    };
    const services = {
      env: { KUBECONFIG: join(folder, 'kube') },
      homeFolder: null,
      ask,
      terminal: {
        interactive: true,
        progress: () => undefined,
        note: (text: string) => void asked.push(`note: ${text}`),
      },
      openKube: () =>
        parts.broken === true
          ? Promise.reject(new LfctlError('KUBE_UNREACHABLE', { message: 'connection refused' }))
          : Promise.resolve({
              context: { name: 'two', server: '', namespace: 'default', inCluster: false },
              list: ({ plural }: { plural: string }) =>
                Promise.resolve(plural === 'deployments' ? (parts.found ?? []).map(workload) : []),
              get: () => Promise.resolve(null),
              close: () => undefined,
            }),
    } as unknown as Services;
    const input = {
      settings: {
        configFile: join(folder, 'config.yaml'),
        kubernetes: { enabled: true, kubeconfig: null, context: null, namespace: null, release: null },
      },
      services,
      signal: new AbortController().signal,
      yes: parts.yes ?? false,
      use: false,
      force: false,
    } as unknown as InitInput;
    await initConfig(input);
    return { asked, text: await readFile(join(folder, 'config.yaml'), 'utf8') };
  }

  const workload = (namespace: string): unknown => ({
    kind: 'Deployment',
    metadata: {
      name: 'langfuse',
      namespace,
      annotations: { 'meta.helm.sh/release-name': `rel-${namespace}` },
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'langfuse' } },
      template: {
        metadata: { labels: { app: 'langfuse' } },
        spec: { containers: [{ name: 'web', image: 'langfuse/langfuse:3.199.0', env: [] }] },
      },
    },
  });

  it('asks for context, place and name, and proposes what it finds', async () => {
    const { asked, text } = await wizard(['two', '1', ''], { found: ['blue', 'green'] });
    expect(asked[0]).toBe('Kubernetes context: one, two (current) [two]');
    expect(asked[1]).toBe('Langfuse was found in: blue (release rel-blue), green (release rel-green) []');
    expect(asked[2]).toBe('Name of this deployment in lfctl [rel-green]');
    expect(text).toContain(
      '  rel-green:\n    kubernetes:\n      context: two\n      namespace: green\n      release: rel-green\n',
    );
  });

  it('asks for the namespace when the cluster does not answer', async () => {
    const { asked, text } = await wizard(['one', 'lf', 'mine'], { broken: true });
    expect(asked).toContain('note: could not look into one: connection refused');
    expect(text).toContain('namespace: lf');
  });

  it('takes the only one with --yes, and asks nothing', async () => {
    const { asked, text } = await wizard([], { yes: true, found: ['blue'] });
    expect(asked).toEqual([]);
    expect(text).toContain('context: two\n      namespace: blue');
    await expect(wizard([], { yes: true, found: ['blue', 'green'] })).rejects.toThrow(
      '--namespace is needed',
    );
  });
});

describe('lfctl config use and view', () => {
  it('changes the current deployment and nothing else', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, `${commented}  b: {}\n`);
    expect((await run(`config use b --config ${file}`)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(`${commented.replace('current: a', 'current: b')}  b: {}\n`);
    const unknown = await run(`config use c --config ${file}`);
    expect(unknown.code).toBe(2);
    expect(await run('config use c --config /nothing/here')).toMatchObject({ code: 3 });
  });

  it('shows what is used and why', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'lfctl'));
    await writeFile(join(folder, 'lfctl', 'config.yaml'), commented);
    const env = { XDG_CONFIG_HOME: folder, LFCTL_NAMESPACE: 'lf' };
    const { stdout } = await run('config view --sources -o text', fakeHost({ env }));
    expect(stdout).toMatch(/^file +\S+config\.yaml\ndeployment +a\n/);
    expect(stdout).toMatch(/kubernetes\.namespace +lf +environment +LFCTL_NAMESPACE/);
    expect(stdout).toMatch(/url +https:\/\/a\.example\.com +file +config\.yaml:6/);
  });

  it.each([
    ['a: [', 3],
    ['x: 1', 3],
  ])('ends with the config code for %j, and help and explain still work', async (text, code) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'c.yaml'), text);
    const env = { LFCTL_CONFIG: join(folder, 'c.yaml') };
    const broken = await run('config view', fakeHost({ env }));
    expect(broken.code).toBe(code);
    expect(broken.stderr).toContain('line 1: ');
    expect((await run('explain TIMEOUT', fakeHost({ env }))).code).toBe(0);
    expect((await run('config view --help', fakeHost({ env }))).code).toBe(0);
  });
});
