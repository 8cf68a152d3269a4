import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubeSecret } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';

/** A client that was killed in the middle of `helm upgrade` leaves exactly this. */
export const helmPendingFault = defineFault({
  name: 'helm-pending',
  area: 'upgrades',
  summary: 'helm was killed during an upgrade: the newest revision is pending-upgrade',
  firstVerdict: 'helm/release',
  expects: 'findings',
  generations: [2, 3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2'],
  break: async (context) => {
    const newest = await newestRevision(context);
    if (newest === null || newest.labels['status'] === 'pending-upgrade') return;
    const version = newest.version + 1;
    const release = {
      ...newest.release,
      version,
      info: { ...newest.info, status: 'pending-upgrade', description: 'Preparing upgrade' },
    };
    await context.kube.create(resources.secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secretName(context, version),
        namespace: context.names.namespace,
        labels: { ...newest.labels, status: 'pending-upgrade', version: String(version) },
      },
      type: 'helm.sh/release.v1',
      data: { release: encode(release) },
    });
    context.memory.set('version', version);
  },
  mend: async (context) => {
    const version = context.memory.get('version');
    if (typeof version === 'number')
      await context.kube.remove(resources.secrets, context.names.namespace, secretName(context, version));
  },
});

const secretName = ({ names }: FaultContext, version: number): string =>
  `sh.helm.release.v1.${names.release}.v${version}`;

interface Revision {
  readonly version: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly release: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
}

async function newestRevision(context: FaultContext): Promise<Revision | null> {
  const { release, namespace } = context.names;
  const selector = `owner=helm,name=${release}`;
  const found = await context.kube.list<KubeSecret>(resources.secrets, namespace, selector);
  const [newest] = found.toSorted((left, right) => versionOf(right) - versionOf(left));
  if (newest === undefined) return null;
  const decoded = decode(newest.data?.['release'] ?? '');
  const info = decoded['info'];
  return {
    version: versionOf(newest),
    labels: newest.metadata.labels ?? {},
    release: decoded,
    info: typeof info === 'object' && info !== null ? { ...info } : {},
  };
}

const versionOf = (secret: KubeSecret): number => Number(secret.metadata.labels?.['version'] ?? 0);

/** Helm's own base64 lies inside Kubernetes'. */
function decode(data: string): Record<string, unknown> {
  const inner = Buffer.from(data, 'base64').toString('utf8');
  return JSON.parse(gunzipSync(Buffer.from(inner, 'base64')).toString('utf8')) as Record<string, unknown>;
}

function encode(release: unknown): string {
  const inner = gzipSync(JSON.stringify(release)).toString('base64');
  return Buffer.from(inner).toString('base64');
}
