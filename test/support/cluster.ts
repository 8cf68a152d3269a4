/** What tests do to a practice deployment's cluster, as its admin. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { KubeObject, KubeSecret, Service } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KubeResource } from '../../src/ports/kube.ts';
import type { KubeClient } from '../../src/sandbox/kube-client.ts';
import { kubeClient } from '../../src/sandbox/kube-client.ts';
import type { SandboxRecord, SupervisorStatus } from '../../src/sandbox/state.ts';
import { sandboxFolder } from '../../src/sandbox/state.ts';
import type { Practice } from './practice.ts';

export const home = 'hyperplane-langfuse';

/** Kinds that the tests make beyond those that lfctl reads. */
export const kinds = {
  serviceAccounts: { group: '', version: 'v1', plural: 'serviceaccounts' },
  clusterRoles: { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles' },
  roles: { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'roles' },
  roleBindings: { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings' },
} as const satisfies Record<string, KubeResource>;

const kindOf: Readonly<Record<string, KubeResource>> = {
  ServiceAccount: kinds.serviceAccounts,
  ClusterRole: kinds.clusterRoles,
  Role: kinds.roles,
  RoleBinding: kinds.roleBindings,
};

export interface ClusterRole extends KubeObject {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

export interface TestCluster extends KubeClient {
  /** Creates every object of a manifest. */
  readonly apply: (file: string) => Promise<void>;
  /** A token of that ServiceAccount, as `kubectl create token` asks for one. */
  readonly tokenOf: (namespace: string, name: string) => Promise<string>;
  /** Writes the sandbox's kubeconfig with another user, server or context; gives its path. */
  readonly kubeconfig: (name: string, change: (config: Kubeconfig) => void) => Promise<string>;
  /** Addresses of the stores and of web with the deployment's logins, as lfctl takes them without a cluster. */
  readonly urls: () => Promise<StoreUrls>;
  /** Every value of every Secret that is long enough to be one. */
  readonly secretValues: () => Promise<ReadonlyMap<string, string>>;
}

export interface StoreUrls extends Record<string, string> {
  readonly LFCTL_DATABASE_URL: string;
  readonly LFCTL_CLICKHOUSE_URL: string;
  readonly LFCTL_REDIS_URL: string;
  readonly LFCTL_S3_URL: string;
  readonly LFCTL_URL: string;
}

interface Kubeconfig {
  readonly users: [{ user: Record<string, unknown> }];
  readonly clusters: [{ cluster: Record<string, unknown> }];
  readonly contexts: [{ context: Record<string, unknown> }];
}

const json = async <Value>(file: string): Promise<Value> => JSON.parse(await readFile(file, 'utf8')) as Value;

export async function openCluster(practice: Practice): Promise<TestCluster> {
  const folder = sandboxFolder(join(practice.folder, 'lfctl'), practice.name);
  const { adminToken } = await json<SandboxRecord>(folder.record);
  const server = (await json<SupervisorStatus>(folder.status)).apiUrl ?? '';
  const client = kubeClient({ server, token: adminToken });
  return {
    ...client,
    apply: async (file) => {
      for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
        const object = document.toJS() as KubeObject & { readonly kind: string };
        const resource = kindOf[object.kind];
        if (resource === undefined) throw new Error(`no resource for ${object.kind}`);
        await client.create(resource, object);
      }
    },
    tokenOf: async (namespace, name) => {
      const answer = await fetch(`${server}/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }),
      });
      const { status } = (await answer.json()) as { status: { token: string } };
      return status.token;
    },
    kubeconfig: async (name, change) => {
      const config = parse(await readFile(folder.kubeconfig, 'utf8')) as Kubeconfig;
      change(config);
      const file = join(practice.folder, `${name}.yaml`);
      await writeFile(file, stringify(config), { mode: 0o600 });
      return file;
    },
    urls: () => storeUrls(client),
    secretValues: () => secretValues(client),
  };
}

const text = (secret: KubeSecret | null, key: string): string =>
  Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();

async function storeUrls(client: KubeClient): Promise<StoreUrls> {
  const secret = await client.get<KubeSecret>(resources.secrets, home, 'langfuse-env');
  const ip = async (namespace: string, name: string): Promise<string> =>
    (await client.get<Service>(resources.services, namespace, name))?.spec.clusterIP ?? '';
  const database = new URL(text(secret, 'DATABASE_URL'));
  database.hostname = await ip(home, 'langfuse-postgresql');
  const s3 = 'LANGFUSE_S3_EVENT_UPLOAD';
  const login = `${text(secret, `${s3}_ACCESS_KEY_ID`)}:${text(secret, `${s3}_SECRET_ACCESS_KEY`)}`;
  return {
    LFCTL_DATABASE_URL: database.href,
    LFCTL_CLICKHOUSE_URL: `http://langfuse:${text(secret, 'CLICKHOUSE_PASSWORD')}@${await ip(home, 'langfuse-clickhouse')}:8123`,
    LFCTL_REDIS_URL: `redis://:${text(secret, 'REDIS_AUTH')}@${await ip(home, 'langfuse-redis')}:6379`,
    LFCTL_S3_URL: `http://${login}@${await ip('hyperplane-minio', 'minio')}:9000/${text(secret, `${s3}_BUCKET`)}`,
    LFCTL_URL: `http://${await ip(home, 'langfuse')}:3000`,
  };
}

/** Names and plain settings stand beside the secrets in the same objects: what is none is left out by its key. */
const harmless =
  /URL$|HOST|PORT|USER|REGION|BUCKET|PREFIX|ENDPOINT|ENABLED|SIGNUP|TIMEOUT|PATH_STYLE|PUBLIC_KEY|ACCESS_KEY_ID|^release$|^root-?user$/i;

async function secretValues(client: KubeClient): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const secret of await client.list<KubeSecret>(resources.secrets, null))
    for (const key of Object.keys(secret.data ?? {})) {
      const value = text(secret, key);
      if (!harmless.test(key) && value.length >= 8) values.set(`${secret.metadata.name} ${key}`, value);
    }
  const database = new URL(text(await client.get(resources.secrets, home, 'langfuse-env'), 'DATABASE_URL'));
  return values.set('langfuse-env DATABASE_URL password', database.password);
}
