import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ContainerState } from '../../../ports/kube-objects.ts';
import type { ProcessIdentity } from '../../process-identity.ts';
import type { ContainerFiles } from './pod-folder.ts';

/** What the kubelet knows of one container; kept on disk so that the next kubelet goes on from here. */
export interface ContainerRecord {
  state: ContainerState;
  lastState: ContainerState;
  /** Also the number of the run's log; the first run is 0. */
  restartCount: number;
  ready: boolean;
  started: boolean;
  process: ProcessIdentity | null;
  /** Runs in a row that ended soon, for the back-off. */
  failures: number;
  /** False before the first start. */
  hasRun: boolean;
  containerId: string;
}

/** The record of a container that was never started, and why it waits. */
export function newRecord(waiting: string): ContainerRecord {
  return {
    state: { waiting: { reason: waiting } },
    lastState: {},
    restartCount: 0,
    ready: false,
    started: false,
    process: null,
    failures: 0,
    hasRun: false,
    containerId: '',
  };
}

/** As containerd names a container. */
export function newContainerId(): string {
  return `containerd://${randomBytes(32).toString('hex')}`;
}

/** The record a former kubelet left, or null. */
export function readRecord(files: ContainerFiles): ContainerRecord | null {
  try {
    return JSON.parse(readFileSync(files.record, 'utf8')) as ContainerRecord;
  } catch {
    return null;
  }
}

/** Written at once and whole: the supervisor may be killed at any moment. */
export function saveRecord(files: ContainerFiles, record: ContainerRecord): void {
  mkdirSync(files.folder, { recursive: true });
  const draft = `${files.record}.new`;
  writeFileSync(draft, JSON.stringify(record));
  renameSync(draft, files.record);
}
