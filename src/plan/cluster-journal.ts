import { LfctlError } from '../errors/error.ts';
import type { KubeSecret } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { KubePort } from '../ports/kube.ts';
import { parseLines } from './file-journal.ts';
import type { Journal, JournalEntry, JournalRun } from './journal.ts';

const labels = { 'app.kubernetes.io/managed-by': 'lfctl', 'lfctl.dev/part': 'journal' } as const;
const key = 'journal.jsonl';
const nameOf = (run: string): string => `lfctl-journal-${run.toLowerCase()}`;
/** The run's id as it is, with its capital T: names of objects have none. */
const runLabel = 'lfctl.dev/run';

/**
 * A journal in the cluster, one Secret per run: what it holds (rows with their hashes) is nobody else's
 * business, and everybody who may act on the deployment sees the same one.
 */
export function clusterJournal(kube: KubePort, namespace: string, deployment: string): Journal {
  const read = async (run: string): Promise<KubeSecret | null> =>
    await kube.get<KubeSecret>(resources.secrets, namespace, nameOf(run));
  const about = { 'lfctl.dev/deployment': deployment };
  return {
    place: `Secrets lfctl-journal-* in namespace ${namespace}`,
    append: async (run, entry) => {
      const found = await read(run);
      const text = `${textOf(found)}${JSON.stringify(entry)}\n`;
      const data = { [key]: Buffer.from(text).toString('base64') };
      if (found !== null) {
        const { resourceVersion } = found.metadata;
        await kube.patch(resources.secrets, namespace, nameOf(run), { metadata: { resourceVersion }, data });
        return;
      }
      const metadata = { name: nameOf(run), labels: { ...labels, ...about, [runLabel]: run } };
      await kube.create<KubeSecret>(resources.secrets, namespace, {
        kind: 'Secret',
        metadata,
        type: 'lfctl.dev/journal',
        data,
      });
    },
    runs: async () => {
      const labelSelector = Object.entries({ ...labels, ...about })
        .map(([name, value]) => `${name}=${value}`)
        .join(',');
      const found = await kube.list<KubeSecret>(resources.secrets, { namespace, labelSelector });
      return found.map(runOf).toSorted((left, right) => (left.id < right.id ? -1 : 1));
    },
    drop: async (run) => void (await kube.remove(resources.secrets, namespace, nameOf(run))),
  };
}

const textOf = (secret: KubeSecret | null): string =>
  Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8');

const runOf = (secret: KubeSecret): JournalRun => ({
  id: secret.metadata.labels?.[runLabel] ?? secret.metadata.name,
  entries: parseLines(textOf(secret)),
});

/** Whether runs may be kept in the cluster; a right that cannot be asked about is tried. */
export async function mayKeep(kube: KubePort, namespace: string): Promise<boolean> {
  const verbs = ['create', 'get', 'list', 'patch', 'delete'];
  try {
    const allowed = await Promise.all(
      verbs.map(async (verb) => await kube.can({ verb, group: '', resource: 'secrets', namespace })),
    );
    return allowed.every(Boolean);
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return false;
    throw error;
  }
}

/** Runs of the cluster and of this machine: of a run that both know, the cluster's word counts. */
export function joined(first: Journal, second: Journal): Journal {
  const elsewhere = new Set<string>();
  return {
    place: first.place,
    // A run that began on this machine alone goes on there.
    append: async (run: string, entry: JournalEntry) =>
      await (elsewhere.has(run) ? second : first).append(run, entry),
    runs: async () => {
      const [own, other] = await Promise.all([first.runs(), second.runs()]);
      const known = new Set(own.map(({ id }) => id));
      const more = other.filter(({ id }) => !known.has(id));
      for (const { id } of more) elsewhere.add(id);
      return [...own, ...more].toSorted((left, right) => (left.id < right.id ? -1 : 1));
    },
    drop: async (run) => {
      await first.drop(run);
      await second.drop(run);
    },
  };
}
