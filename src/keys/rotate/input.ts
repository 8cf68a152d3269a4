import type { Json } from '../../plan/json.ts';
import type { ConsumerKind } from '../consumers/templates.ts';
import type { KeyIdentity } from '../create.ts';
import type { StoredKey } from '../row.ts';

/** A Secret with the keys of it that hold something of the pair. */
export interface HeldIn {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
}

/** A workload that reads the pair when its pods start. */
export interface Restarted {
  readonly kind: Exclude<ConsumerKind, 'CronJob' | 'Pod'>;
  readonly namespace: string;
  readonly name: string;
}

/** One key that is rotated: all that its steps are made from, then and in a later process. Never a secret. */
export interface Rotation {
  /** The old row; it holds hashes alone. */
  readonly old: StoredKey;
  readonly publicKey: string;
  readonly project: string;
  /** Id and public key of the new row, fixed before it is made. */
  readonly next: KeyIdentity;
  readonly secrets: readonly HeldIn[];
  readonly restarts: readonly Restarted[];
  /** Where the new pair goes besides, `--to-secret`. */
  readonly target: { readonly namespace: string; readonly name: string } | null;
}

/** What a run of `key rotate` is about, as the journal keeps it. */
export interface RotationInput {
  readonly rotations: readonly Rotation[];
  readonly waits: Waits;
}

/** How long the overlap of two keys is. */
export interface Waits {
  /** The old key must have been idle for so long, in milliseconds. */
  readonly graceMs: number;
  /** Longest wait for rollouts, and then for the old key to become idle. */
  readonly maxWaitMs: number;
  /** False where use leaves no trace: then the grace alone ends the overlap. */
  readonly isSeen: boolean;
  readonly keepOld: boolean;
}

/** For the journal. The interfaces hold JSON alone; a copy says so to the compiler too. */
export const inputJson = (input: RotationInput): Json => JSON.parse(JSON.stringify(input)) as Json;

/** Null for another command's run. */
export function readInput(input: Json): RotationInput | null {
  const isOurs = typeof input === 'object' && input !== null && 'rotations' in input && 'waits' in input;
  return isOurs ? (input as unknown as RotationInput) : null;
}
