import { LfctlError } from '../errors/error.ts';
import type { JournalRun, RunSummary } from '../plan/journal.ts';
import { unfinishedRun } from '../plan/pick-run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import { requireRights } from '../tenancy/rights.ts';
import type { OrganizationApi } from '../tenancy/org-api.ts';
import { apiInstead, apiKeys, apiProjects, keysLock, revokeKeyByApi } from './api.ts';
import { cacheHabit } from './cache.ts';
import { consumersOf } from './consumers/find.ts';
import { initKey } from './init.ts';
import { lastUses } from './last-use.ts';
import { consumerNames, consumersIn } from './list.ts';
import { pickProject, projects } from './project.ts';
import type { KeyRevocation } from './revoke.ts';
import { revokeKeyStep, rowOf } from './revoke.ts';
import type { KeyRow, StoredKey } from './row.ts';
import { allKeys, text } from './row.ts';
import { secretOf } from './secret-of.ts';

/** Keys that are to go. */
export interface RevokeRequest {
  readonly publicKeys: readonly string[];
  /** Id or name of the project that they must be of. */
  readonly project: string | undefined;
  /** Also where a project is left without a key. */
  readonly last: boolean;
  /** All runs of the journal: an unfinished one is gone on with. */
  readonly runs: readonly JournalRun[];
}

/** The operation's name in the journal. */
export const revokeOperation = 'key revoke';

/** A plan that revokes keys. */
export interface RevokePlan {
  readonly plan: Plan;
  readonly revocations: readonly KeyRevocation[];
  readonly continues: RunSummary | null;
}

/** @throws LfctlError KEY_UNKNOWN, KEY_OTHER_PROJECT, KEY_LAST, KEY_PROVISIONED, PROJECT_* */
export async function revokeKeysPlan(tenancy: Tenancy, request: RevokeRequest): Promise<RevokePlan> {
  const api = await apiInstead(tenancy);
  if (api !== null) return await planByApi(tenancy, api, request);
  const postgres = need(tenancy.postgres, 'keys are revoked in Postgres');
  // Deleting is undone by inserting.
  await requireRights(postgres, [
    { table: 'api_keys', verb: 'DELETE' },
    { table: 'api_keys', verb: 'INSERT' },
  ]);
  const all = await allKeys(postgres);
  const publicKeys = [...new Set(request.publicKeys)].toSorted();
  const continues = unfinishedRun(request.runs, revokeOperation, (run) => sameKeys(run, publicKeys));
  if (continues !== null) return await resumed(tenancy, all, continues);
  const rows = publicKeys.map((publicKey) => rowNamed(all, publicKey, request.runs));
  if (request.project !== undefined) {
    const { id, name } = pickProject(await projects(postgres), request.project);
    for (const row of rows) refuseOther(row, id, name);
  }
  for (const row of rows) refuseProvisioned(tenancy, row);
  if (!request.last) refuseLast(all, rows);
  return { ...(await planFor(tenancy, rows, publicKeys)), continues: null };
}

/** The app deletes the rows itself; an unfinished run is simply run again. */
async function planByApi(
  tenancy: Tenancy,
  api: OrganizationApi,
  { publicKeys, project, last, runs }: RevokeRequest,
): Promise<RevokePlan> {
  const projectsThere = apiProjects(api);
  const all = await apiKeys(api, projectsThere);
  const wanted = [...new Set(publicKeys)].toSorted();
  const rows = wanted.map((publicKey) => rowNamed(all, publicKey, runs));
  if (project !== undefined) {
    const { id, name } = pickProject(projectsThere, project);
    for (const row of rows) refuseOther(row, id, name);
  }
  for (const row of rows) refuseProvisioned(tenancy, row);
  if (!last) refuseLast(all, rows);
  const revocations = rows.map((row) => revokeKeyByApi(tenancy, api, row, null));
  const unknown = ['when it was last used, which the API does not tell', ...unknownInit(tenancy)];
  const usages = rows.map((row) => ({ row, shown: [] }));
  return { plan: planOf(tenancy, wanted, usages, unknown, revocations), revocations, continues: null };
}

const sameKeys = ({ input }: RunSummary, publicKeys: readonly string[]): boolean =>
  JSON.stringify(input) === JSON.stringify({ publicKeys });

function rowNamed(all: readonly KeyRow[], publicKey: string, runs: readonly JournalRun[]): KeyRow {
  const row = all.find((one) => one.publicKey === publicKey);
  if (row !== undefined) return row;
  const message = `no API key has the public key ${publicKey}`;
  const revoked = runs.findLast(({ entries }) =>
    entries.some((entry) => entry.event === 'done' && entry.step === `revoke-key:${publicKey}`),
  );
  if (revoked === undefined) throw new LfctlError('KEY_UNKNOWN', { message });
  throw new LfctlError('KEY_UNKNOWN', {
    message: `${message}: run ${revoked.id} revoked it`,
    fixes: [{ text: 'put it back', command: `lfctl key revoke --undo ${publicKey}` }],
  });
}

function refuseOther({ publicKey, projectId, projectName }: KeyRow, id: string, name: string): void {
  if (projectId === id) return;
  const whose = projectName === null ? 'an organisation' : `project ${projectName} (${projectId ?? ''})`;
  throw new LfctlError('KEY_OTHER_PROJECT', { message: `${publicKey} is of ${whose}, not of ${name}` });
}

function refuseProvisioned({ deployment }: Tenancy, { publicKey }: KeyRow): void {
  const init = initKey(deployment);
  if (init.state !== 'set' || init.publicKey !== publicKey) return;
  throw new LfctlError('KEY_PROVISIONED', {
    message: `${publicKey} is LANGFUSE_INIT_PROJECT_PUBLIC_KEY of web: the next start would make it again`,
  });
}

function refuseLast(all: readonly KeyRow[], going: readonly KeyRow[]): void {
  const gone = new Set(going.map(({ id }) => id));
  for (const { projectId, projectName, publicKey } of going) {
    const others = all.filter((one) => one.projectId === projectId && !gone.has(one.id) && !one.isAgentKey);
    if (projectId === null || others.length > 0) continue;
    throw new LfctlError('KEY_LAST', {
      message: `${publicKey} is the last API key of project ${projectName ?? projectId}`,
    });
  }
}

interface Usage {
  readonly row: KeyRow;
  /** Words for what shows its use; empty where nothing does. */
  readonly shown: readonly string[];
}

async function planFor(
  tenancy: Tenancy,
  rows: readonly KeyRow[],
  publicKeys: readonly string[],
): Promise<Omit<RevokePlan, 'continues'>> {
  const [uses, consumers] = await Promise.all([lastUses(tenancy, rows), consumersIn(tenancy, rows)]);
  const usages = rows.map((row): Usage => {
    const at = uses.uses.get(row.publicKey)?.at ?? null;
    const recent = at !== null && isRecent(at, tenancy.now()) ? ['used in the last day'] : [];
    const names = consumers === null ? [] : consumerNames(consumersOf(consumers, row.publicKey));
    return { row, shown: [...recent, ...names.map((name) => `held by ${name}`)] };
  });
  const revocations = await Promise.all(
    rows.map(async (row) =>
      revokeKeyStep(tenancy, { stored: row.stored, secretKey: await secretOf(tenancy, row, consumers) }),
    ),
  );
  const unknown = [...uses.unknown, ...(consumers?.unknown ?? []), ...unknownInit(tenancy)];
  const plan = planOf(tenancy, publicKeys, usages, unknown, revocations);
  return { plan, revocations };
}

/** Without a cluster nothing of web's environment was asked for. */
function unknownInit({ deployment }: Tenancy): string[] {
  const init = initKey(deployment);
  return deployment === null || init.state !== 'unknown'
    ? []
    : [`whether LANGFUSE_INIT_* would make it again: ${init.why}`];
}

const dayMs = 86_400_000;
const isRecent = (at: string, now: Date): boolean => now.getTime() - Date.parse(at) < dayMs;

/** A key that is in use, or of which that cannot be told, takes the word of who revokes it. */
function planOf(
  tenancy: Tenancy,
  publicKeys: readonly string[],
  usages: readonly Usage[],
  unknown: readonly string[],
  revocations: readonly KeyRevocation[],
): Plan {
  const used = usages.filter(({ shown }) => shown.length > 0);
  const notes = used.map(({ row, shown }) => `${row.publicKey} is in use: ${shown.join(', ')}`);
  const unsure = unknown.map((what) => `not known: ${what}`);
  return {
    operation: revokeOperation,
    subject: publicKeys.join(', '),
    lock: keysLock(tenancy),
    tier: used.length + unsure.length > 0 ? 'large' : 'reversible',
    input: { publicKeys },
    basis: usages.map(({ row, shown }) => [row.id, row.publicKey, shown.join()]),
    steps: revocations.map(({ step }) => step),
    onFailure: 'stop',
    notes: [...notes, ...unsure, ...(tenancy.postgres.state === 'open' ? cacheNotes(tenancy) : [])],
  };
}

/** What will keep the run from being finished is said before it begins. */
function cacheNotes(tenancy: Tenancy): string[] {
  const { use, why, ttlSeconds } = cacheHabit(tenancy);
  const { cache } = tenancy;
  if (use === 'off' || cache.state === 'open') return [];
  return [
    `Redis cannot be asked (${cache.why}), and ${why}: the row will go, and web may go by its cache until ${String(ttlSeconds)} s after the last use; the run then waits for Redis`,
  ];
}

/** Rows that are gone already are those of the journal. */
async function resumed(tenancy: Tenancy, all: readonly KeyRow[], run: RunSummary): Promise<RevokePlan> {
  const publicKeys = run.steps.map(({ id }) => id.slice('revoke-key:'.length));
  const rows = publicKeys.map((publicKey) => all.find((one) => one.publicKey === publicKey));
  const there = rows.filter((row) => row !== undefined);
  const consumers = await consumersIn(tenancy, there);
  const revocations = await Promise.all(
    run.steps.map(async ({ record, intent }, index) => {
      const row = rows[index];
      const stored = row?.stored ?? rowOf(record ?? intent);
      if (stored === null) throw unknownKey(publicKeys[index] ?? '');
      const secretKey = row === undefined ? null : await secretOf(tenancy, row, consumers);
      return revokeKeyStep(tenancy, { stored, secretKey });
    }),
  );
  const usages = there.map((row) => ({ row, shown: [] }));
  return { plan: planOf(tenancy, publicKeys, usages, [], revocations), revocations, continues: run };
}

const unknownKey = (publicKey: string): LfctlError =>
  new LfctlError('KEY_UNKNOWN', { message: `no API key has the public key ${publicKey}` });

/** Public keys that a run of the journal revoked. */
export const storedKeysOf = (run: RunSummary): StoredKey[] =>
  run.steps.map(({ record, intent }) => rowOf(record ?? intent)).filter((row) => row !== null);

/** The public key of a stored row. */
export const publicKeyOf = (stored: StoredKey): string => text(stored, 'public_key') ?? '';
