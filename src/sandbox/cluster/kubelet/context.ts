import type { Network } from '../network/network.ts';
import type { ObjectStore } from '../objects.ts';
import type { Record as RecordEvent } from '../recorder.ts';

export interface KubeletOptions {
  readonly store: ObjectStore;
  readonly network: Network;
  readonly stateFolder: string;
  /** Path of the bundled program entry, dist/sandbox-program.js. */
  readonly programEntry: string;
  /** The Node to run pods with. */
  readonly nodePath: string;
  readonly timeScale: number;
  readonly now: () => Date;
  /** Folders whose node_modules hold parts that are not bundled: chdb, embedded Postgres. */
  readonly partFolders?: readonly string[];
  /** PATH of this machine, to look for redis-server; the usual one of an image when absent. */
  readonly path?: string;
}

/** What every part of the kubelet works with. */
export interface KubeletContext extends KubeletOptions {
  readonly record: RecordEvent;
}

/** The node's name; there is one. */
export const nodeName = 'sandbox-node';
