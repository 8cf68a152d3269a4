import type { ChartRevision, HelmLayout } from './helm-layout.ts';
import { helmLayout } from './helm-layout.ts';
import type { Layout, LayoutInput } from './layout.ts';
import { store, writeModeValues } from './layout.ts';
import { liteLlmNames, surroundings } from './surroundings.ts';

const namespace = 'langfuse';
const liteLlmNamespace = 'litellm';

/**
 * Names of this layout. The release's name contains the chart's, so it is the full name itself. With another one the 1.x charts point
 * Langfuse at `<release>-langfuse-postgresql`, which the Bitnami sub-charts call `<release>-postgresql`
 * (charts/langfuse/templates/_helpers.tpl of langfuse/langfuse-k8s at langfuse-1.5.36).
 */
export const chart1Names: HelmLayout['names'] = {
  namespace,
  release: 'langfuse-prod',
  web: 'langfuse-prod-web',
  webs: ['langfuse-prod-web'],
  webService: 'langfuse-prod-web',
  worker: 'langfuse-prod-worker',
  postgres: {
    ...store(namespace, 'langfuse-prod-postgresql', 'statefulsets'),
    user: 'postgres',
    database: 'postgres_langfuse',
  },
  clickhouse: {
    ...store(namespace, 'langfuse-prod-clickhouse-shard0', 'statefulsets', 'langfuse-prod-clickhouse'),
    user: 'default',
  },
  redis: store(namespace, 'langfuse-prod-redis-primary', 'statefulsets'),
  objects: store(namespace, 'langfuse-prod-s3', 'deployments'),
  liteLlm: liteLlmNames(liteLlmNamespace),
};

/** Charts and their appVersion as tagged in langfuse/langfuse-k8s; the tag that runs is newer than its chart. */
function revisionsOf({ generation, version }: LayoutInput): ChartRevision[] {
  if (generation === 4)
    return [
      { chartVersion: '1.5.36', appVersion: '3.194.1', tag: null },
      { chartVersion: '1.5.41', appVersion: '3.224.1', tag: null },
      { chartVersion: '1.5.41', appVersion: '3.224.1', tag: version },
    ];
  return [
    { chartVersion: '1.5.21', appVersion: '3.155.0', tag: null },
    { chartVersion: '1.5.28', appVersion: '3.171.0', tag: null },
    { chartVersion: '1.5.36', appVersion: '3.194.1', tag: version },
  ];
}

/** The last Bitnami image is too old for Langfuse 4 (25.12 at least): there the operators built their own. */
const clickHouseImages = {
  3: 'docker.io/bitnamilegacy/clickhouse:25.2.1-debian-12-r0',
  4: 'registry.example.test/platform/bitnami-clickhouse:26.4',
} as const;

/** The official chart 1.5 with its Bitnami stores, an autoscaler and an Ingress of nginx. */
export async function chart1Layout(input: LayoutInput): Promise<Layout> {
  return helmLayout(input, {
    folder: 'chart-1',
    names: chart1Names,
    publicHost: 'langfuse.example.test',
    front: 'nginx',
    values: {
      ...writeModeValues(input.writeMode),
      CLICKHOUSE_IMAGE: clickHouseImages[input.generation === 4 ? 4 : 3],
    },
    revisions: revisionsOf(input),
    around: await surroundings(input, {
      namespaces: [namespace],
      liteLlmNamespace,
      langfuseUrl: `http://langfuse-prod-web.${namespace}:3000`,
    }),
    beside: ['secrets'],
    stores: ['postgresql', 'clickhouse', 'zookeeper', 'valkey', 'minio'],
    web: ['langfuse-web'],
    worker: ['langfuse-worker'],
  });
}
