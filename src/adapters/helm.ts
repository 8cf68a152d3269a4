import type { HelmPort, HelmRevision } from '../ports/helm.ts';
import type { KubeSecret } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { KubePort } from '../ports/kube.ts';
import { decodeRelease } from './helm/release.ts';
import { plaintextSecretPaths, valuePaths } from './helm/values.ts';

/**
 * Helm's own records: one Secret per revision, type helm.sh/release.v1.
 * https://helm.sh/docs/topics/advanced/#storage-backends
 */
export function openHelm(kube: KubePort): HelmPort {
  return {
    async revisions(namespace) {
      const secrets = await kube.list<KubeSecret>(resources.secrets, {
        namespace,
        labelSelector: 'owner=helm',
      });
      return secrets
        .filter((one) => one.type === 'helm.sh/release.v1')
        .map((one) => revisionOf(one, namespace))
        .sort(byReleaseAndRevision);
    },
  };
}

function byReleaseAndRevision(left: HelmRevision, right: HelmRevision): number {
  return left.release.localeCompare(right.release) || left.revision - right.revision;
}

/** What labels and name say holds for a record that cannot be read, too. */
function revisionOf(secret: KubeSecret, namespace: string): HelmRevision {
  const { name, labels = {} } = secret.metadata;
  const [, fromName = name, number = '0'] = /^sh\.helm\.release\.v1\.(.+)\.v(\d+)$/.exec(name) ?? [];
  const release = decodeRelease(secret.data?.['release']);
  const known = {
    release: labels['name'] ?? fromName,
    namespace: secret.metadata.namespace ?? namespace,
    revision: Number(labels['version'] ?? number),
  };
  if (release === null)
    return {
      ...known,
      status: 'unknown',
      chart: '',
      chartVersion: '',
      appVersion: '',
      deployedAt: null,
      description: 'the record cannot be read',
      valuePaths: [],
      plaintextSecretPaths: [],
    };
  const { values, ...rest } = release;
  return {
    ...known,
    ...rest,
    valuePaths: valuePaths(values),
    plaintextSecretPaths: plaintextSecretPaths(values),
  };
}
