import type { Applied } from '../../plan/apply.ts';
import type { Json } from '../../plan/json.ts';
import type { Rotation, RotationInput } from './input.ts';
import { consumerText } from './survey.ts';

/** How far a rotation came: the words of its life. */
export type Stage = 'planned' | 'created' | 'distributed' | 'adopted' | 'draining' | 'revoked' | 'undone';

/** One key of a run, as it is told. */
export interface RotatedKey {
  readonly publicKey: string;
  readonly newPublicKey: string;
  readonly project: string;
  readonly stage: Stage;
  /** `namespace/name`. */
  readonly secrets: readonly string[];
  readonly restarted: readonly string[];
  /** What ended the overlap; null before that. */
  readonly evidence: {
    readonly idleMs: number;
    /** Null where use leaves no trace. */
    readonly isNewUsed: boolean | null;
    readonly oldUses: number;
  } | null;
}

/** What a run came to, key by key. */
export function rotatedKeys({ rotations }: RotationInput, applied: Applied): RotatedKey[] {
  return rotations.map((rotation) => ({
    publicKey: rotation.publicKey,
    newPublicKey: rotation.next.publicKey,
    project: rotation.project,
    stage: stageOf(rotation, applied),
    secrets: [...rotation.secrets, ...(rotation.target === null ? [] : [rotation.target])].map(
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
    restarted: rotation.restarts.map(consumerText),
    evidence: evidenceOf(applied.records.get(`idle:${rotation.publicKey}`)),
  }));
}

const reached: readonly (readonly [prefix: string, stage: Stage])[] = [
  ['revoke-key', 'revoked'],
  ['idle', 'draining'],
  ['adopted', 'adopted'],
  ['restart', 'distributed'],
  ['write-secret', 'distributed'],
  ['to-secret', 'distributed'],
  ['create-key', 'created'],
];

function stageOf({ publicKey }: Rotation, { outcome, steps }: Applied): Stage {
  if (outcome === 'undone') return 'undone';
  const done = steps.filter(
    ({ id, outcome: how }) => id.endsWith(`:${publicKey}`) && (how === 'done' || how === 'already-done'),
  );
  return reached.find(([prefix]) => done.some(({ id }) => id.startsWith(`${prefix}:`)))?.[1] ?? 'planned';
}

function evidenceOf(record: Json | undefined): RotatedKey['evidence'] {
  if (typeof record !== 'object' || record === null || !('idleMs' in record)) return null;
  const { idleMs, isNewUsed, oldUses } = record;
  return {
    idleMs: Number(idleMs),
    isNewUsed: typeof isNewUsed === 'boolean' ? isNewUsed : null,
    oldUses: Number(oldUses),
  };
}
