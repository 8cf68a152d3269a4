/** Who may see what: the shipped Role, rights taken away, bad tokens, dead servers, URLs alone. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, KubeSecret, Workload } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { ValidateReport } from '../../src/validate/report.ts';
import type { ClusterRole, StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, kinds, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';
import { diagnose, expectNoStack, notOk, statusOf } from '../support/reports.ts';

const template = 'templates/rbac-doctor.yaml';

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/** The rights of a shipped role, one after the other. */
async function rightsIn(file: string, wanted: 'ClusterRole' | 'Role'): Promise<readonly Right[]> {
  return parseAllDocuments(await readFile(file, 'utf8'))
    .map((document) => document.toJS() as ClusterRole & { readonly kind: string })
    .filter(({ kind }) => kind === wanted)
    .flatMap(({ rules }) => rules)
    .flatMap(({ apiGroups, resources: names, verbs }) =>
      apiGroups.flatMap((group) =>
        names.flatMap((resource) => verbs.map((verb): Right => ({ group, resource, verb }))),
      ),
    );
}

const rights = await rightsIn(template, 'ClusterRole');

let practice: Practice;
let cluster: TestCluster;
let token: string;

beforeAll(async () => {
  practice = await startPractice('access');
  cluster = await openCluster(practice);
  await cluster.apply(template);
  token = await cluster.tokenOf(home, 'lfctl-doctor');
  await mkdir(join(practice.folder, 'config', 'lfctl'), { recursive: true });
});

afterAll(async () => {
  await practice.stop();
});

const asDoctor = (): Promise<string> =>
  cluster.kubeconfig('doctor', (config) => {
    config.users[0].user = { token };
  });

/** The settings that the Role's comment asks for. */
async function configFile(): Promise<string> {
  const file = join(practice.folder, 'doctor-config.yaml');
  await writeFile(file, 'current: p\ndeployments:\n  p:\n    litellm: { namespace: hyperplane-litellm }\n');
  return file;
}

describe('with exactly templates/rbac-doctor.yaml', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = { KUBECONFIG: await asDoctor(), LFCTL_CONFIG: await configFile() };
  });

  it('everything is known', async () => {
    const all = await diagnose(practice, env);
    // Nobody has uploaded or exported anything yet: where such links lead is of no account then.
    expect(notOk(all)).toEqual(['objects/export-endpoint skipped', 'objects/media-endpoint skipped']);
    expect(all).toMatchObject({ code: 0, report: { verdict: 'healthy' } });
    for (const command of ['status', 'env']) expect((await practice.lfctl([command], env)).code).toBe(0);
  });

  const without = async (right: Right | null): Promise<void> => {
    const rules = rights
      .filter((one) => one !== right)
      .map(({ group, resource, verb }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }));
    await cluster.patch(kinds.clusterRoles, null, 'lfctl-doctor', { rules });
  };

  // Of a kind that the cluster does not have nothing can be hidden.
  const served = rights.filter(({ resource }) => resource !== 'httproutes');
  it.each(served.map((right) => [`${right.verb} ${right.resource}`, right] as const))(
    'without %s it says so, and is not healthy',
    async (name, right) => {
      await without(right);
      const ended = await practice.lfctl(['doctor', '-o', 'json'], env);
      await without(null);
      expect(ended.code, ended.stdout).toBe(4);
      expectNoStack(ended);
      const word = name === 'get secrets' ? /secret\/\S+ forbidden/ : new RegExp(`forbidden: ${name}`);
      expect(`${ended.stdout}${ended.stderr}`).toMatch(word);
    },
  );

  it.each(['hyperplane-litellm', 'hyperplane-minio'])('without the binding in %s', async (namespace) => {
    const binding = await cluster.get(kinds.roleBindings, namespace, 'lfctl-doctor');
    await cluster.remove(kinds.roleBindings, namespace, 'lfctl-doctor');
    const { code, report } = await diagnose(practice, env);
    await cluster.create(kinds.roleBindings, {
      ...binding,
      metadata: { namespace, name: 'lfctl-doctor' },
    });
    expect(code).toBe(4);
    expect(report.checks.find(({ status }) => status === 'unknown')?.reason).toMatch(
      new RegExp(`^forbidden: .* in ${namespace}$`),
    );
  });

  it('leaves LiteLLM out, with the reason, where its namespace is not given', async () => {
    const { code, report } = await diagnose(practice, { KUBECONFIG: env['KUBECONFIG'] ?? '' });
    expect(code).toBe(0);
    expect(report.checks.find(({ id }) => id === 'litellm/keys')).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('forbidden: list deployments.apps in all namespaces'),
    });
  });
});

/** What a tunnel asks for: a pod reaches its Services without. */
async function allowTunnels(): Promise<void> {
  const name = 'tunnels';
  const subjects = [{ kind: 'ServiceAccount', name: 'lfctl-validate', namespace: home }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const core = (resource: string, ...verbs: string[]) => ({ apiGroups: [''], resources: [resource], verbs });
  const rules = [core('pods/portforward', 'get', 'create'), core('services', 'get'), core('pods', 'list')];
  await cluster.create(kinds.clusterRoles, { metadata: { name }, rules } as ClusterRole);
  for (const namespace of [home, 'hyperplane-minio'])
    await cluster.create(kinds.roleBindings, {
      metadata: { name, namespace },
      roleRef,
      subjects,
    } as KubeObject);
}

describe('with exactly templates/rbac-validate.yaml', () => {
  const template = 'templates/rbac-validate.yaml';

  it('validate sees every hop, cleans up, and uses every right', async () => {
    await cluster.apply(template);
    await allowTunnels();
    const own = await cluster.tokenOf(home, 'lfctl-validate');
    const keys = await cluster.get<KubeSecret>(resources.secrets, 'hyperplane-litellm', 'litellm-env');
    const key = (name: string): string => Buffer.from(keys?.data?.[name] ?? '', 'base64').toString();
    const ended = await practice.lfctl(['validate', '-o', 'json', '--debug'], {
      KUBECONFIG: await cluster.kubeconfig('validate', (config) => {
        config.users[0].user = { token: own };
      }),
      LANGFUSE_PUBLIC_KEY: key('LANGFUSE_PUBLIC_KEY'),
      LANGFUSE_SECRET_KEY: key('LANGFUSE_SECRET_KEY'),
    });
    const { data } = JSON.parse(ended.stdout) as { data: ValidateReport };
    expect(
      data.hops.map(({ hop, status }) => `${hop} ${status}`),
      ended.stderr,
    ).toEqual(['http', 'object', 'queue', 'store', 'read'].map((hop) => `${hop} ok`));
    expect(data.residue).toMatchObject({ total: 0, unknown: {} });
    expect(ended.code).toBe(0);
    for (const { resource, verb } of await rightsIn(template, 'Role'))
      expect(ended.stderr).toMatch(
        new RegExp(`kube ${verb} ${resource} (?:in )?${home}\\S*: (?:ok|\\d+ objects)`),
      );
  });
});

describe('by URLs alone', () => {
  let urls: StoreUrls;
  const alone = async (change: Partial<StoreUrls> = {}): ReturnType<typeof diagnose> =>
    await diagnose(practice, { KUBECONFIG: '', HOME: practice.folder, ...urls, ...change });
  beforeAll(async () => {
    urls = await cluster.urls();
  });
  const at = (variable: keyof StoreUrls, host: string): Partial<StoreUrls> => ({
    [variable]: (urls[variable] ?? '').replace(/(\/\/(?:[^/@]*@)?)[^/]*/, `$1${host}`),
  });

  it('judges the stores and web, and leaves out what needs a cluster', async () => {
    const all = await alone();
    expect(all.code).toBe(0);
    for (const id of [
      'postgres/migrations',
      'clickhouse/auth',
      'redis/eviction',
      'objects/bucket',
      'web/health',
    ])
      expect(statusOf(all, id), id).toBe('ok');
    const rest = all.report.checks.filter(({ status }) => status !== 'ok');
    for (const { id, status, reason } of rest)
      expect(`${id} ${status} ${reason ?? ''}`).toMatch(/skipped (not configured|does not apply)/);
    expect(all.report.checks.find(({ id }) => id === 'kube/pods')?.status).toBe('skipped');
  });

  const stores = [
    ['LFCTL_DATABASE_URL', 'postgres/reachable'],
    ['LFCTL_CLICKHOUSE_URL', 'clickhouse/reachable'],
    ['LFCTL_REDIS_URL', 'redis/reachable'],
    ['LFCTL_S3_URL', 'objects/reachable'],
    ['LFCTL_URL', 'web/health'],
  ] as const;
  it.each(stores)('%s refused or of an unknown host is a finding: %s', async (variable, check) => {
    for (const host of ['127.0.0.1:1', 'nowhere.invalid:1']) {
      const { code, report } = await alone(at(variable, host));
      expect(code).toBe(1);
      expect(report.causes.map(({ id }) => id)).toEqual([check]);
    }
  });

  it('a wrong password is a finding of its own', async () => {
    const { code, report } = await alone({
      LFCTL_REDIS_URL: (urls['LFCTL_REDIS_URL'] ?? '').replace(/:[^:@]+@/, ':wrong-canary-77@'),
    });
    expect(code).toBe(1);
    expect(report.causes.map(({ id }) => id)).toEqual(['redis/auth']);
    expect(JSON.stringify(report)).not.toContain('wrong-canary-77');
  });

  it('does not start where a URL does not parse, and does not repeat it', async () => {
    const ended = await practice.lfctl(['doctor'], {
      KUBECONFIG: '',
      HOME: practice.folder,
      LFCTL_DATABASE_URL: 'postgres://u:can@ary88@h:port/x',
    });
    expect(ended.code).toBe(3);
    expect(ended.stderr).not.toContain('ary88');
    expectNoStack(ended);
  });
});

describe('without access', () => {
  const commands = ['doctor', 'status', 'env'] as const;
  it.each(commands)('%s with an unknown token, a dead server, no kubeconfig', async (command) => {
    const wrong = await cluster.kubeconfig('wrong', ({ users }) => (users[0].user = { token: 'canary-991' }));
    const dead = await cluster.kubeconfig(
      'dead',
      ({ clusters }) => (clusters[0].cluster = { server: 'https://127.0.0.1:1' }),
    );
    for (const [file, code, says] of [
      [wrong, 3, 'does not accept the credentials'],
      [dead, 4, 'connection refused'],
      [join(practice.folder, 'nothing'), 3, 'no file of KUBECONFIG exists'],
    ] as const) {
      const ended = await practice.lfctl([command], { KUBECONFIG: file, HOME: practice.folder });
      expect(ended, file).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
      expect(ended.stderr).not.toContain('canary-991');
      expectNoStack(ended);
    }
  });

  it('an expired token is said to be', async () => {
    const parts = token.split('.');
    const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
    const old = Buffer.from(JSON.stringify({ ...claims, exp: 1_600_000_000 })).toString('base64url');
    const file = await cluster.kubeconfig(
      'expired',
      ({ users }) => (users[0].user = { token: [parts[0], old, parts[2]].join('.') }),
    );
    const ended = await practice.lfctl(['doctor'], { KUBECONFIG: file });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('expired or wrong') });
  });

  it('a name that is not there is named', async () => {
    const namespace = await practice.lfctl(['doctor', '-n', 'no-such-place']);
    expect(namespace.stderr).toContain('namespace no-such-place does not exist');
    const context = await practice.lfctl(['doctor', '--context', 'nobody']);
    expect(context.stderr).toContain('no context nobody');
    for (const ended of [namespace, context]) {
      expect(ended.code === 2 || ended.code === 3).toBe(true);
      expectNoStack(ended);
    }
  });

  it('logs in by a plugin, and says what the plugin said', async () => {
    const plugin = join(practice.folder, 'login');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token },
    };
    await writeFile(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    await chmod(plugin, 0o700);
    const config = await configFile();
    const by = (command: string): Promise<string> =>
      cluster.kubeconfig(
        'plugin',
        ({ users }) =>
          (users[0].user = {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command,
              interactiveMode: 'Never',
            },
          }),
      );
    expect((await diagnose(practice, { KUBECONFIG: await by(plugin), LFCTL_CONFIG: config })).code).toBe(0);
    await writeFile(plugin, '#!/bin/sh\necho "please run: cloud login" >&2\nexit 1\n');
    const failed = await practice.lfctl(['doctor'], { KUBECONFIG: await by(plugin) });
    expect(failed).toMatchObject({ code: 3, stderr: expect.stringContaining('please run: cloud login') });
    const gone = await practice.lfctl(['doctor'], { KUBECONFIG: await by(`${plugin}-gone`) });
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('is not on PATH') });
  });
});

describe('two installations in one namespace', () => {
  it('are listed, and one is chosen by its release', async () => {
    const web = await cluster.get<Workload>(resources.deployments, home, 'langfuse');
    if (web === null) throw new Error('no web');
    const labels = { 'app.kubernetes.io/instance': 'other', app: 'other' };
    // Releases with the same stores are one installation; this one has a database of its own.
    const database = { name: 'DATABASE_URL', value: 'postgresql://langfuse@other-postgresql:5432/langfuse' };
    const pod = web.spec.template.spec;
    const containers = pod.containers.map((one) => ({ ...one, env: [...(one.env ?? []), database] }));
    await cluster.create(resources.deployments, {
      ...web,
      metadata: {
        name: 'other',
        namespace: home,
        labels,
        annotations: { 'meta.helm.sh/release-name': 'other' },
      },
      spec: {
        ...web.spec,
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...pod, containers } },
      },
    } as never);
    try {
      const ended = await practice.lfctl(['doctor']);
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain('release langfuse');
      expect(ended.stderr).toContain('release other');
      expect(ended.stderr).toContain('--release');
      expect((await diagnose(practice, {}, ['--release', 'langfuse'])).code).toBe(0);
    } finally {
      await cluster.remove(resources.deployments, home, 'other');
    }
  });
});
