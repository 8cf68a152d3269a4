import { writeFileSync } from 'node:fs';
import { startBed, busybox, create, podNamed, until } from './bed.ts';

/** A supervisor that a test kills: starts a pod, leaves the store's content in a file, and waits for its end. */
const [programEntry = '', snapshotFile = ''] = process.argv.slice(2);
const bed = await startBed(programEntry, 'owner');
create(bed.store, busybox('survivor', 'echo alive; sleep 600'));
create(bed.store, busybox('mortal', 'echo alive; sleep 600'));
const ready = (name: string) =>
  podNamed(bed.store, name)?.status?.conditions?.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
await until('pods', () => ready('survivor') === true && ready('mortal') === true);
const processes = bed.kubelet.processes();
writeFileSync(
  snapshotFile,
  JSON.stringify({ folder: bed.folder, snapshot: bed.store.snapshot(), processes }),
);
setInterval(() => undefined, 60_000);
