/** From what the command line asks to a plan: whom it is about, who holds it, what is done, what others must do. */
import { LfctlError } from '../../errors/error.ts';
import type { Plan } from '../../plan/plan.ts';
import { newCuid } from '../../tenancy/cuid.ts';
import { cacheHabit } from '../cache.ts';
import type { Consumers } from '../consumers/find.ts';
import { consumersOf, findConsumers } from '../consumers/find.ts';
import type { SecretPlace } from '../deliver.ts';
import { checkPlace } from '../deliver.ts';
import { initKey } from '../init.ts';
import { knownKeys } from '../known.ts';
import { newPublicKey } from '../pair.ts';
import type { KeyRow } from '../row.ts';
import type { Rotation, RotationInput, Waits } from './input.ts';
import { notesOf } from './notes.ts';
import type { Tools } from './plan.ts';
import { rotationPlan } from './plan.ts';
import { requireRights } from './rights.ts';
import type { Wanted } from './select.ts';
import { selectKeys } from './select.ts';
import type { Survey } from './survey.ts';
import { survey } from './survey.ts';

/** What the command line asks for. */
export interface RotateRequest extends Wanted {
  /** Namespaces that are looked into besides, where the whole cluster may not be read. */
  readonly consumersIn: readonly string[];
  readonly toSecret: SecretPlace | null;
  /** Undefined: as long as an unused key stays in the cache. */
  readonly graceMs: number | undefined;
  readonly maxWaitMs: number;
  readonly keepOld: boolean;
}

/** One key with what was found about it. */
export interface Surveyed {
  readonly rotation: Rotation;
  readonly survey: Survey;
}

/** A plan, and what it was made from. */
export interface Prepared {
  readonly plan: Plan;
  readonly input: RotationInput;
  readonly keys: readonly Surveyed[];
  /** Keys of --all that cannot be rotated, each with the reason. */
  readonly skipped: readonly { readonly publicKey: string; readonly why: string }[];
}

/** @throws LfctlError ROTATE_*, KEY_*, PROJECT_*; nothing was changed */
export async function prepare(tools: Tools, request: RotateRequest): Promise<Prepared> {
  const { tenancy, kube, postgres } = tools;
  const rows = await selectKeys(postgres, request, tenancy.now());
  const waits = waitsFor(tools, request);
  const consumers = await findConsumers(kube, namespacesOf(tools, request), knownKeys(rows, tenancy.salt));
  const looked = rows.map((row) => surveyKey(tools, request, row, consumers));
  const skipped = looked.flatMap(({ surveyed, refusal }) =>
    refusal === null ? [] : [{ publicKey: surveyed.rotation.publicKey, why: refusal.message }],
  );
  const [refused] = looked.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]));
  if (!request.all && refused !== undefined) throw refused;
  const keys = looked.filter(({ refusal }) => refusal === null).map(({ surveyed }) => surveyed);
  const rotations = keys.map(({ rotation }) => rotation);
  await requireRights(kube, postgres, rotations);
  const [first] = rotations;
  if (request.toSecret !== null && first !== undefined)
    await checkPlace(tenancy, request.toSecret, first.next);
  const notes = notesOf(keys, skipped, waits);
  const input = { rotations, waits };
  return { plan: rotationPlan(tools, input, notes), input, keys, skipped };
}

/** @throws LfctlError ROTATE_UNSEEN, and REDIS_* where the cache is in use and does not answer */
function waitsFor({ tenancy }: Tools, { graceMs, maxWaitMs, keepOld }: RotateRequest): Waits {
  const habit = cacheHabit(tenancy);
  const { cache } = tenancy;
  if (habit.use === 'on' && cache.state === 'unknown') throw cache.error;
  const isSeen = habit.use === 'on' && cache.state === 'open';
  if (!isSeen && graceMs === undefined && !keepOld)
    throw new LfctlError('ROTATE_UNSEEN', {
      message: `whether the old key is still used cannot be seen: ${habit.use === 'on' ? cacheWhy(cache) : habit.why}`,
    });
  return { graceMs: graceMs ?? habit.ttlSeconds * 1000, maxWaitMs, isSeen, keepOld };
}

const cacheWhy = (cache: Tools['tenancy']['cache']): string => (cache.state === 'open' ? '' : cache.why);

function namespacesOf(
  { tenancy: { deployment } }: Tools,
  { consumersIn, toSecret }: RotateRequest,
): string[] {
  const homes = deployment === null ? [] : [deployment.namespace];
  const neighbours = (deployment?.liteLlm ?? []).map(({ workload }) => workload.namespace);
  return [...homes, ...neighbours, ...consumersIn, ...(toSecret === null ? [] : [toSecret.namespace])];
}

interface Looked {
  readonly surveyed: Surveyed;
  readonly refusal: LfctlError | null;
}

function surveyKey(
  tools: Tools,
  { toSecret, keepOld }: RotateRequest,
  row: KeyRow,
  consumers: Consumers,
): Looked {
  const own = consumersOf(consumers, row.publicKey);
  const found = survey(own);
  const hasSecret = own.holders.some(({ entries }) => entries.some(({ part }) => part !== 'public-key'));
  const rotation: Rotation = {
    old: row.stored,
    publicKey: row.publicKey,
    project: row.projectName ?? row.organizationName ?? '',
    next: { id: newCuid(tools.tenancy.now()), publicKey: newPublicKey() },
    // Half a pair cannot be replaced without the other half.
    secrets: hasSecret ? found.secrets : [],
    restarts: hasSecret ? found.restarts : [],
    target: toSecret === null ? null : { namespace: toSecret.namespace, name: toSecret.name },
  };
  return { surveyed: { rotation, survey: found }, refusal: refusalOf(tools, rotation, found, keepOld) };
}

function refusalOf(
  { tenancy }: Tools,
  { publicKey, secrets, target }: Rotation,
  { handOvers }: Survey,
  keepOld: boolean,
): LfctlError | null {
  const init = initKey(tenancy.deployment);
  const [handOver] = handOvers;
  if (handOver !== undefined && !(keepOld && (target !== null || secrets.length > 0))) {
    const places = handOvers.map(({ place, why, instead }) => `${place}: ${why}; change it ${instead}`);
    return new LfctlError('ROTATE_FOREIGN', { message: `${publicKey} stands in ${places.join('; ')}` });
  }
  if (init.state === 'set' && init.publicKey === publicKey && secrets.length === 0 && !keepOld)
    return new LfctlError('KEY_PROVISIONED', {
      message: `${publicKey} is LANGFUSE_INIT_PROJECT_PUBLIC_KEY of web, in a place that lfctl does not write`,
    });
  if (secrets.length === 0 && target === null)
    return new LfctlError('ROTATE_NO_CONSUMER', {
      message: `no Secret that may be read holds the pair of ${publicKey}`,
    });
  return null;
}
