import type { ChartRevision, HelmLayout } from './helm-layout.ts';
import { helmLayout } from './helm-layout.ts';
import type { Layout, LayoutInput } from './layout.ts';
import { store, writeModeValues } from './layout.ts';
import { liteLlmNames, surroundings } from './surroundings.ts';

const namespace = 'observability';
const liteLlmNamespace = 'llm-gateway';

/**
 * Names of this layout. The release's name lacks the chart's: Langfuse's own objects are called `<release>-langfuse-…`, those of the
 * sub-charts `<release>-…`, and the operator's follow the custom resource
 * (charts/langfuse/templates/_helpers.tpl of langfuse/langfuse-k8s at langfuse-2.0.0).
 */
export const chart2Names: HelmLayout['names'] = {
  namespace,
  release: 'prod',
  web: 'prod-langfuse-web',
  webs: ['prod-langfuse-web'],
  webService: 'prod-langfuse-web',
  worker: 'prod-langfuse-worker',
  postgres: {
    ...store(namespace, 'prod-postgresql', 'statefulsets'),
    user: 'langfuse',
    database: 'langfuse',
  },
  clickhouse: {
    ...store(namespace, 'prod-langfuse-clickhouse-0-0', 'statefulsets', 'prod-langfuse-clickhouse-headless'),
    user: 'default',
  },
  redis: store(namespace, 'prod-redis', 'deployments'),
  objects: store(namespace, 'prod-s3-all-in-one', 'deployments'),
  liteLlm: liteLlmNames(liteLlmNamespace),
};

/** 2.0.0 is the only chart of its line that was read; its own tag is 4.4.0, and older images run on it, too. */
function revisionsOf({ generation, version }: LayoutInput): ChartRevision[] {
  const chart = { chartVersion: '2.0.0', appVersion: '4.4.0' };
  return [
    { ...chart, tag: generation === 4 ? null : '3.194.1' },
    { ...chart, tag: version },
  ];
}

/** The official chart 2.0: stores of other charts, ClickHouse by its operator, KEDA, and a route of a gateway. */
export async function chart2Layout(input: LayoutInput): Promise<Layout> {
  return helmLayout(input, {
    folder: 'chart-2',
    names: chart2Names,
    publicHost: 'traces.example.test',
    front: 'gclb',
    values: { ...writeModeValues(input.writeMode) },
    revisions: revisionsOf(input),
    around: await surroundings(input, {
      namespaces: [namespace],
      liteLlmNamespace,
      langfuseUrl: `http://prod-langfuse-web.${namespace}.svc.cluster.local:3000`,
    }),
    beside: [],
    stores: ['secrets', 'postgresql', 'clickhouse', 'valkey', 'seaweedfs'],
    web: ['langfuse-web'],
    worker: ['langfuse-worker'],
    made: { stores: ['clickhouse-operator'], web: ['route'], worker: ['keda'] },
  });
}
