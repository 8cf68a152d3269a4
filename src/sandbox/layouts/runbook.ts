import type { Generation } from '../../deployment/model.ts';
import type { ChartRevision, HelmLayout } from './helm-layout.ts';
import { helmLayout } from './helm-layout.ts';
import type { Layout, LayoutInput } from './layout.ts';
import { store, writeModeValues } from './layout.ts';
import { liteLlmNames, surroundings } from './surroundings.ts';

const namespace = 'hyperplane-langfuse';
const liteLlmNamespace = 'hyperplane-litellm';

/** Names of this layout. */
export function runbookNames(generation: Generation): HelmLayout['names'] {
  const traces = generation !== 2;
  return {
    namespace,
    release: 'langfuse',
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
    liteLlm: liteLlmNames(liteLlmNamespace),
  };
}

/** Tags over time; the house chart's version stayed and its appVersion went with the tag. */
const earlierTags: Readonly<Record<Generation, readonly string[]>> = {
  2: ['2.87.0', '2.93.6'],
  3: ['3.171.0', '3.194.1'],
  4: ['3.199.0', '4.14.0'],
};
const revisionOf = (tag: string): ChartRevision => ({ chartVersion: '0.9.4', appVersion: tag, tag });

/** The deployment that the operators' runbook describes: one house chart, MinIO and LiteLLM beside it. */
export async function runbookLayout(input: LayoutInput): Promise<Layout> {
  const { generation, version, writeMode } = input;
  const traces = generation !== 2;
  return helmLayout(input, {
    folder: 'runbook',
    names: runbookNames(generation),
    publicHost: 'langfuse.example.test',
    front: 'gclb',
    values: { ...writeModeValues(writeMode ?? 'events_only') },
    revisions: [...earlierTags[generation], version].map(revisionOf),
    around: await surroundings(input, {
      namespaces: [namespace, 'hyperplane-minio'],
      liteLlmNamespace,
      langfuseUrl: `http://langfuse.${namespace}.svc.cluster.local:3000`,
    }),
    beside: [`env-${generation}`, 'secrets', 'minio'],
    stores: ['postgresql', ...(traces ? ['clickhouse', 'redis'] : [])],
    web: ['langfuse-web', 'availability', 'route'],
    worker: traces ? ['langfuse-worker'] : [],
  });
}
