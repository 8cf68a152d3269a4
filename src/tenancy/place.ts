import type { Journal } from '../plan/journal.ts';
import { clusterJournal, joined, mayKeep } from '../plan/cluster-journal.ts';
import { fileJournal } from '../plan/file-journal.ts';
import type { LockPlaces } from '../plan/lock.ts';
import type { Tenancy } from './access.ts';

/** Short and plain enough for a label's value. */
const labelOf = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 60);

/** The journal of a deployment: in the cluster where that is allowed, on this machine else. `folder` is this machine's. */
export async function journalOf({ kube, deployment }: Tenancy, folder: string): Promise<Journal> {
  const own = fileJournal(folder);
  if (kube.state !== 'open' || deployment === null) return own;
  const { namespace, release } = deployment;
  if (!(await mayKeep(kube.port, namespace))) return own;
  return joined(clusterJournal(kube.port, namespace, labelOf(release ?? 'langfuse')), own);
}

/** Where its locks can be taken. */
export function lockPlaces({ kube, postgres, deployment, placeId }: Tenancy): LockPlaces {
  const inCluster = kube.state === 'open' && deployment !== null;
  return {
    kube: inCluster
      ? { port: kube.port, namespace: deployment.namespace, release: deployment.release }
      : null,
    postgres: postgres.state === 'open' ? postgres.port : null,
    deployment: inCluster ? (deployment.release ?? 'langfuse') : placeId,
  };
}
