import type { JournalRun, RunSummary } from '../plan/journal.ts';
import type { Json } from '../plan/json.ts';
import { unfinishedRun } from '../plan/pick-run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import type { OrganizationApi } from '../tenancy/org-api.ts';
import { requireRights } from '../tenancy/rights.ts';
import { apiInstead, apiProjects, createKeyByApi, keysLock } from './api.ts';
import type { KeyCreation, NewKey } from './create.ts';
import { createKeyStep, identityOf } from './create.ts';
import type { Place } from './deliver.ts';
import { checkPlace, delivery, placeText } from './deliver.ts';
import type { KeyPair } from './pair.ts';
import type { ProjectRef } from './project.ts';
import { pickProject, resolveProject } from './project.ts';

/** One key of several that are made together. */
export interface WantedKey {
  readonly note: string | null;
  readonly place: Place;
}

/** Keys that are to be made together. */
export interface KeysRequest {
  readonly project: ProjectRef;
  /** Where Postgres is not to be had. */
  readonly api: OrganizationApi | null;
  readonly keys: readonly WantedKey[];
  /** A pair that is given; for one key alone. */
  readonly pair: KeyPair | null;
  /** Shows a secret to the person at the terminal. */
  readonly show: (text: string) => void;
  /** As in `NewKey`. */
  readonly hash?: NewKey['hash'];
}

/** The operation's name in the journal. */
const createOperation = 'key create';

/** What a run of `createKeysPlan` is about. */
const createSubject = ({ project, keys }: Pick<KeysRequest, 'project' | 'keys'>): string =>
  `project ${project.id}: ${keys.map(({ note }) => note ?? '').join(', ')}`;

/** A key with the place that it goes to. */
export interface PlannedKey extends KeyCreation, WantedKey {}

/** A plan that makes keys and hands them out. */
export interface KeysPlan {
  readonly plan: Plan;
  readonly keys: readonly PlannedKey[];
  readonly continues: RunSummary | null;
}

/** With the project that is meant. @throws LfctlError PROJECT_*, POSTGRES_*; _FORBIDDEN for a role that may only read */
export async function pickUp(
  tenancy: Tenancy,
  wanted: string,
  asked: Omit<KeysRequest, 'project' | 'api'>,
): Promise<{ readonly project: ProjectRef; readonly request: KeysRequest }> {
  const api = await apiInstead(tenancy);
  if (api !== null) {
    const project = pickProject(apiProjects(api), wanted);
    return { project, request: { ...asked, project, api } };
  }
  const postgres = need(tenancy.postgres, 'keys are made in Postgres');
  await requireRights(postgres, [
    { table: 'api_keys', verb: 'INSERT' },
    { table: 'api_keys', verb: 'DELETE' },
  ]);
  const project = await resolveProject(postgres, wanted);
  return { project, request: { ...asked, project, api } };
}

/** Refuses before anything is made. An unfinished run of the same is gone on with. @throws LfctlError KEY_TARGET_TAKEN */
export async function createKeysPlan(
  tenancy: Tenancy,
  request: KeysRequest,
  runs: readonly JournalRun[],
): Promise<KeysPlan> {
  const { project, api, pair, show, hash } = request;
  const create = (spec: NewKey): KeyCreation =>
    api === null ? createKeyStep(tenancy, spec) : createKeyByApi(tenancy, api, spec);
  const subject = createSubject(request);
  const continues = unfinishedRun(runs, createOperation, (run) => run.subject === subject);
  const keys = request.keys.map(({ note, place }): PlannedKey => {
    const spec: NewKey = {
      project,
      note,
      ...(pair === null ? {} : { pair }),
      ...(hash === undefined ? {} : { hash }),
      ...delivery(tenancy, place, show),
    };
    const { id } = create(spec).step;
    const begun = continues?.steps.find((step) => step.id === id);
    const identity = identityOf(begun?.record ?? begun?.intent);
    const creation = create({ ...spec, ...(identity === null ? {} : { identity }) });
    return { ...creation, note, place };
  });
  for (const { place, identity } of keys) await checkPlace(tenancy, place, identity);
  return { plan: planOf(tenancy, request, keys), keys, continues };
}

function planOf(
  tenancy: Tenancy,
  { project, keys: wanted, pair }: KeysRequest,
  keys: readonly PlannedKey[],
): Plan {
  const notes = keys.map(({ note, place }) => `${note ?? 'the pair'} goes to ${placeText(place)}`);
  const saltNote =
    tenancy.salt !== null || pair === null
      ? []
      : ['SALT of web is not known: an entry of the cache that denies this pair cannot be found'];
  return {
    operation: createOperation,
    subject: createSubject({ project, keys: wanted }),
    lock: keysLock(tenancy),
    tier: 'small',
    input: { project: project.id, notes: keys.map(({ note }) => note) },
    basis: { project: project.id, places: keys.map(({ place }) => placeText(place)) },
    steps: keys.map(({ step }) => step),
    onFailure: 'undo',
    notes: [...notes, ...saltNote],
  };
}

/** What the result says of each key; the secret only where it was asked for with the result. */
export const createdMore = (keys: readonly PlannedKey[]): Json =>
  keys.map(({ made, place, note, identity }) => {
    const key = made();
    return {
      id: key?.id ?? identity.id,
      publicKey: key?.publicKey ?? identity.publicKey,
      note,
      place: placeText(place),
      ...(key === null ? {} : { displaySecret: key.displaySecret, proof: { ...key.proof } }),
      ...(key === null || place.kind !== 'result' ? {} : { secretKey: key.secretKey.reveal() }),
    };
  });
