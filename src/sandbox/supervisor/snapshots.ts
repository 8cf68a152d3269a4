import { rename, writeFile } from 'node:fs/promises';
import { writeFileSync, renameSync } from 'node:fs';
import type { SnapshotStore } from '../cluster/store.ts';

const settleMs = 100;

/** The cluster's content on disk. */
export interface Snapshots {
  /** Writes what is not written yet, and stops. */
  readonly close: () => void;
}

/** Keeps the cluster's objects on disk, a moment after each change; failures are told, the sandbox goes on. */
export function keepSnapshots(
  store: SnapshotStore,
  path: string,
  failed: (cause: unknown) => void,
): Snapshots {
  let timer: NodeJS.Timeout | null = null;
  let writing = false;
  const draft = `${path}.new`;

  const write = async (): Promise<void> => {
    timer = null;
    if (writing) {
      schedule();
      return;
    }
    writing = true;
    try {
      await writeFile(draft, JSON.stringify(store.snapshot()), { mode: 0o600 });
      await rename(draft, path);
    } catch (cause) {
      failed(cause);
    } finally {
      writing = false;
    }
  };
  const schedule = (): void => {
    timer ??= setTimeout(() => void write(), settleMs);
  };
  const stop = store.watch(schedule);
  return {
    close: () => {
      stop();
      if (timer !== null) clearTimeout(timer);
      try {
        writeFileSync(`${path}.last`, JSON.stringify(store.snapshot()), { mode: 0o600 });
        renameSync(`${path}.last`, path);
      } catch (cause) {
        failed(cause);
      }
    },
  };
}
