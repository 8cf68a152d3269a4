import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { ReleaseRevision } from './helm-release.ts';
import { manifestOf, releaseSecret } from './helm-release.ts';
import type { LayoutObject } from './layout.ts';

/** One state of a release over time. */
export interface PastRelease {
  readonly chartVersion: string;
  /** The chart's appVersion, which labels carry whatever the image's tag is. */
  readonly appVersion: string;
  readonly tag: string;
  /** The values its users gave. */
  readonly values: unknown;
}

/** A Helm release with all its revisions, the running one last. */
export interface ReleaseHistory {
  readonly release: string;
  readonly namespace: string;
  readonly chart: string;
  readonly past: readonly PastRelease[];
  /** What the last revision rendered. */
  readonly objects: readonly KubeObject[];
  readonly now: Date;
}

const monthMs = 30 * 86_400_000;

/** The Secrets in which Helm keeps the revisions: one a month, the last an hour ago. */
export function historySecrets(history: ReleaseHistory): LayoutObject[] {
  const manifest = manifestOf(history.chart, history.objects);
  return history.past.map((_, index) => ({
    resource: resources.secrets,
    object: releaseSecret(revisionAt(history, manifest, index)),
  }));
}

function revisionAt(
  { past, now, ...release }: ReleaseHistory,
  manifest: string,
  index: number,
): ReleaseRevision {
  const [then, last] = [past[index], past.at(-1)];
  if (then === undefined || last === undefined) throw new Error(`no revision ${index + 1}`);
  const at = (revision: number): Date =>
    new Date(now.getTime() - (past.length - 1 - revision) * monthMs - 3_600_000);
  return {
    release: release.release,
    namespace: release.namespace,
    revision: index + 1,
    status: then === last ? 'deployed' : 'superseded',
    description: index === 0 ? 'Install complete' : 'Upgrade complete',
    chart: { name: release.chart, version: then.chartVersion, appVersion: then.appVersion },
    values: then.values,
    manifest: asOf(manifest, last, then, release.chart),
    firstDeployed: at(0),
    deployed: at(index),
  };
}

/** The same manifest as an earlier revision had it: with its image tag and version labels. */
function asOf(manifest: string, last: PastRelease, then: PastRelease, chart: string): string {
  const version = 'app.kubernetes.io/version: ';
  return manifest
    .replaceAll(`${chart}-${last.chartVersion}`, `${chart}-${then.chartVersion}`)
    .replaceAll(`${version}${last.appVersion}\n`, `${version}${then.appVersion}\n`)
    .replaceAll(`:${last.tag}\n`, `:${then.tag}\n`);
}
