import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import type { KubeObject, KubeSecret } from '../../ports/kube-objects.ts';

/** One revision to be kept as Helm keeps it. */
export interface ReleaseRevision {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: 'deployed' | 'superseded';
  readonly description: string;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  /** The values its users gave. */
  readonly values: unknown;
  /** What it rendered, as YAML. */
  readonly manifest: string;
  readonly firstDeployed: Date;
  readonly deployed: Date;
}

/** Labels and annotations that Helm 3 and the usual chart helpers put on each object. */
export function helmMarks(
  revision: Pick<ReleaseRevision, 'release' | 'namespace' | 'chart'>,
  object: KubeObject,
): KubeObject {
  const { chart, release, namespace } = revision;
  const labels = {
    'helm.sh/chart': `${chart.name}-${chart.version}`,
    'app.kubernetes.io/name': chart.name,
    'app.kubernetes.io/instance': release,
    'app.kubernetes.io/version': chart.appVersion,
    'app.kubernetes.io/managed-by': 'Helm',
    ...object.metadata.labels,
  };
  const annotations = {
    ...object.metadata.annotations,
    'meta.helm.sh/release-name': release,
    'meta.helm.sh/release-namespace': namespace,
  };
  return { ...object, metadata: { ...object.metadata, labels, annotations } };
}

/**
 * The Secret of a revision: gzip of JSON, in base64 by Helm and once more by Kubernetes
 * (https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go).
 */
export function releaseSecret(revision: ReleaseRevision): KubeSecret {
  const release = {
    name: revision.release,
    info: {
      first_deployed: revision.firstDeployed.toISOString(),
      last_deployed: revision.deployed.toISOString(),
      deleted: '',
      description: revision.description,
      status: revision.status,
    },
    chart: { metadata: { ...revision.chart, apiVersion: 'v2' }, lock: null, templates: [], values: {} },
    config: revision.values,
    manifest: revision.manifest,
    version: revision.revision,
    namespace: revision.namespace,
  };
  const packed = gzipSync(JSON.stringify(release)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.${revision.release}.v${revision.revision}`,
      namespace: revision.namespace,
      labels: {
        name: revision.release,
        owner: 'helm',
        status: revision.status,
        version: String(revision.revision),
        modifiedAt: String(Math.floor(revision.deployed.getTime() / 1000)),
      },
    },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

/** Objects as Helm keeps them: one document each, with the template it came from. */
export function manifestOf(chart: string, objects: readonly KubeObject[]): string {
  return objects.map((object) => manifestText(chart, object)).join('');
}

function manifestText(chart: string, object: KubeObject): string {
  const file = `${object.kind ?? 'object'}-${object.metadata.name}`.toLowerCase();
  return `---\n# Source: ${chart}/templates/${file}.yaml\n${stringify(withoutHelm(object))}`;
}

/** The object without the annotations that Helm puts on it when it applies it: a manifest does not have them. */
export function withoutHelm(object: KubeObject): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const own = Object.entries(annotations).filter(([key]) => !key.startsWith('meta.helm.sh/'));
  if (own.length === 0) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(own) } };
}
