import { join } from 'node:path';
import type { Generation } from '../../deployment/model.ts';
import type { SandboxNames } from '../fault.ts';
import type { Layout, LayoutInput, LayoutObject } from './layout.ts';
import { store, writeModeValues } from './layout.ts';
import { readManifests } from './manifests.ts';
import { liteLlmNames, surroundings } from './surroundings.ts';

const namespace = 'tracing';
const liteLlmNamespace = 'gateway';

/** Names of this layout. */
export function plainNames(generation: Generation): SandboxNames {
  const traces = generation !== 2;
  return {
    namespace,
    release: null,
    web: 'lf-ui',
    webs: ['lf-ui', 'lf-ingest'],
    webService: 'lf-ui',
    worker: traces ? 'lf-worker' : null,
    postgres: { ...store(namespace, 'pg', 'statefulsets'), user: 'langfuse', database: 'langfuse' },
    clickhouse: traces ? { ...store(namespace, 'ch', 'statefulsets'), user: 'langfuse' } : null,
    redis: traces ? store(namespace, 'redis', 'deployments') : null,
    objects: store(namespace, 'minio', 'deployments'),
    liteLlm: liteLlmNames(liteLlmNamespace),
  };
}

/**
 * Bare manifests from a mirror's images: two web Deployments, one of them for what SDKs send, a sidecar before each
 * container, and variables from ConfigMaps and Secrets with prefixes and `$(NAME)`.
 */
export async function plainLayout(input: LayoutInput): Promise<Layout> {
  const traces = input.generation !== 2;
  const values = {
    ...input.secrets,
    LANGFUSE_VERSION: input.version,
    ...writeModeValues(input.writeMode),
    ENV_FILE: traces ? 'env.yaml' : 'env-2.yaml',
    ENV_FROM_FILE: traces ? 'env-from.yaml' : 'env-from-2.yaml',
  };
  const folder = join(input.templatesFolder, 'plain');
  const read = async (...files: string[]): Promise<LayoutObject[]> => {
    const all = await Promise.all(files.map((file) => readManifests(join(folder, `${file}.yaml`), values)));
    return all.flat();
  };
  const around = await surroundings(input, {
    namespaces: [namespace],
    liteLlmNamespace,
    langfuseUrl: `http://lf-ingest.${namespace}.svc.cluster.local`,
  });
  const stores = traces
    ? await read('secrets', 'secrets-traces', 'settings', 'postgres', 'clickhouse', 'redis', 'minio')
    : await read('secrets', 'settings-2', 'postgres', 'minio');
  return {
    names: plainNames(input.generation),
    publicHost: 'traces.example.test',
    front: 'gclb',
    stages: [
      { name: 'stores', after: 'nothing', objects: [...around.before, ...stores] },
      { name: 'web', after: 'stores-ready', objects: await read('ui') },
      // The second one waits as well: in life its migration would only wait for the first one's lock.
      {
        name: 'worker',
        after: 'migrated',
        objects: await read('ingest', ...(traces ? ['worker'] : [])),
      },
      around.liteLlm,
    ],
  };
}
