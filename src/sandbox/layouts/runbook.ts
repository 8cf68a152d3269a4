import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Generation } from '../../deployment/model.ts';
import type { SandboxNames, StoreNames } from '../fault.ts';
import type { ReleaseRevision } from './helm-release.ts';
import { helmMarks, releaseSecret } from './helm-release.ts';
import type { Layout, LayoutInput, LayoutObject } from './layout.ts';
import { readFilled, readManifests } from './manifests.ts';

const namespace = 'hyperplane-langfuse';
const release = 'langfuse';
const dayMs = 86_400_000;

function namesFor(generation: Generation): SandboxNames {
  const traces = generation !== 2;
  return {
    namespace,
    release,
    web: 'langfuse',
    webs: ['langfuse'],
    webService: 'langfuse',
    worker: traces ? 'langfuse-worker' : null,
    postgres: {
      ...store(namespace, 'langfuse-postgresql', 'statefulsets'),
      user: 'langfuse',
      database: 'langfuse',
    },
    clickhouse: traces
      ? { ...store(namespace, 'langfuse-clickhouse', 'statefulsets'), user: 'langfuse' }
      : null,
    redis: traces ? store(namespace, 'langfuse-redis', 'statefulsets') : null,
    objects: store('hyperplane-minio', 'minio', 'deployments'),
    liteLlm: {
      namespace: 'hyperplane-litellm',
      workload: 'litellm',
      configMap: 'litellm-config',
      secret: 'litellm-env',
    },
  };
}

function store(namespace: string, workload: string, kind: StoreNames['kind']): StoreNames {
  return { namespace, workload, kind, service: workload };
}

/** The chart of the operators, as their release Secrets name it; its tags over time. */
const chartVersion = '0.9.4';
const earlierTags: Readonly<Record<Generation, readonly string[]>> = {
  2: ['2.87.0', '2.93.6'],
  3: ['3.171.0', '3.194.1'],
  4: ['3.199.0', '4.14.0'],
};

/** The deployment that the operators' runbook describes: one house chart, MinIO and LiteLLM beside it. */
export async function runbookLayout(input: LayoutInput): Promise<Layout> {
  const values = {
    ...input.secrets,
    LANGFUSE_VERSION: input.version,
    WRITE_MODE: input.writeMode ?? 'events_only',
  };
  const traces = input.generation !== 2;
  const folder = join(input.templatesFolder, 'runbook');
  const read = (file: string): Promise<LayoutObject[]> => readManifests(join(folder, `${file}.yaml`), values);
  const chart = { name: 'langfuse', version: chartVersion, appVersion: input.version };
  const marked = async (...files: string[]): Promise<LayoutObject[]> =>
    (await Promise.all(files.map(read))).flat().map(({ resource, object }) => ({
      resource,
      object: helmMarks({ release, namespace, chart }, object),
    }));

  const beside = (
    await Promise.all(['namespaces', `env-${input.generation}`, 'secrets', 'minio', 'litellm'].map(read))
  ).flat();
  const stores = await marked('postgresql', ...(traces ? ['clickhouse', 'redis'] : []));
  const web = await marked('langfuse-web', 'route');
  const worker = traces ? await marked('langfuse-worker') : [];
  const rendered = [...stores, ...web, ...worker].map(({ object }) => object);
  return {
    names: namesFor(input.generation),
    publicHost: 'langfuse.example.test',
    stages: [
      { name: 'stores', after: 'nothing', objects: [...beside, ...stores] },
      { name: 'web', after: 'stores-ready', objects: [...web, ...(await releases(input, folder, rendered))] },
      { name: 'worker', after: 'migrated', objects: worker },
    ],
  };
}

async function releases(
  input: LayoutInput,
  folder: string,
  rendered: readonly KubeObject[],
): Promise<LayoutObject[]> {
  const tags = [...earlierTags[input.generation], input.version];
  const at = (revision: number): Date =>
    new Date(input.now.getTime() - (tags.length - revision) * 30 * dayMs - 3_600_000);
  const all = tags.map(async (tag, index): Promise<LayoutObject> => {
    const revision = index + 1;
    const values: unknown = parse(await readFilled(join(folder, 'values.yaml'), { LANGFUSE_VERSION: tag }));
    const kept: ReleaseRevision = {
      release,
      namespace,
      revision,
      status: revision === tags.length ? 'deployed' : 'superseded',
      description: revision === 1 ? 'Install complete' : 'Upgrade complete',
      chart: { name: 'langfuse', version: chartVersion, appVersion: tag },
      values,
      objects: rendered.map((object) => withTag(object, input.version, tag)),
      firstDeployed: at(1),
      deployed: at(revision),
    };
    return { resource: resources.secrets, object: releaseSecret(kept) };
  });
  return Promise.all(all);
}

/** The same object as an earlier revision had it: with its image tag and version label. */
function withTag(object: KubeObject, from: string, to: string): KubeObject {
  return JSON.parse(JSON.stringify(object).replaceAll(from, to)) as KubeObject;
}
