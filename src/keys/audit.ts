import { LfctlError } from '../errors/error.ts';
import type { Tenancy } from '../tenancy/access.ts';
import type { Consumers } from './consumers/find.ts';
import { consumersOf } from './consumers/find.ts';
import { holderText } from './consumers/holders.ts';
import type { KeySurvey } from './list.ts';
import { ageDays, consumerNames, surveyKeys } from './list.ts';
import type { KeyRow } from './row.ts';

/** What is wrong with a key. */
type KeyFindingId =
  | 'unused'
  | 'old'
  | 'expired'
  | 'shared'
  | 'copied'
  | 'in-plain-text'
  | 'owner-deleted'
  | 'provisioned';

/** One thing that an audit finds. */
export interface KeyFinding {
  readonly id: KeyFindingId;
  readonly publicKey: string;
  readonly projectName: string | null;
  readonly note: string | null;
  /** What was seen, with the objects by name. */
  readonly detail: string;
  readonly fix: string;
}

/** An audit of all keys. */
export interface KeyAudit {
  readonly keys: number;
  readonly findings: readonly KeyFinding[];
  /** What this version or these settings do not offer. */
  readonly skipped: readonly string[];
  /** What could not be looked at, each with its reason. */
  readonly unknown: readonly string[];
}

/** What is audited, and by which measure. */
export interface AuditOptions {
  /** Id or name. */
  readonly project: string | undefined;
  readonly olderThanMs: number;
}

/** A new key has no use yet. */
const unusedAfterDays = 7;

/** Judges all keys by rows, uses and consumers. @throws LfctlError PROJECT_*, POSTGRES_* */
export async function auditKeys(tenancy: Tenancy, options: AuditOptions): Promise<KeyAudit> {
  const survey = await surveyKeys(tenancy, options.project);
  const orphans = await ownersDeleted(tenancy, survey.rows);
  const judge = judgeOf(survey, orphans.ids, options.olderThanMs, tenancy.now());
  return {
    keys: survey.rows.length,
    findings: survey.rows.flatMap(judge),
    skipped: skippedOf(survey),
    unknown: [...unknownOf(survey), ...orphans.unknown],
  };
}

/** What this version or these settings do not offer was not asked for. */
function skippedOf({ uses, consumers, source }: KeySurvey): string[] {
  return [
    ...(source === 'api' ? ['who made the keys: the API does not tell'] : []),
    ...(uses.ingestion === 'noted' || uses.unknown.length > 0
      ? []
      : [`which keys are unused: ${uses.reach}`]),
    ...(consumers === null
      ? ['who holds the keys, and which LANGFUSE_INIT_* make: no cluster is configured']
      : []),
  ];
}

function unknownOf({ uses, consumers, init }: KeySurvey): string[] {
  if (consumers === null) return [...uses.unknown];
  const made = init.state === 'unknown' ? [`which key LANGFUSE_INIT_* make: ${init.why}`] : [];
  return [...uses.unknown, ...consumers.unknown, ...made];
}

type Judged = Omit<KeyFinding, 'publicKey' | 'projectName' | 'note'>;

/** All that is wrong with one key. */
function judgeOf(
  survey: KeySurvey,
  ownerless: ReadonlySet<string>,
  olderThanMs: number,
  now: Date,
): (row: KeyRow) => KeyFinding[] {
  return (row) => {
    const { publicKey, projectName, note } = row;
    const own = survey.consumers === null ? null : consumersOf(survey.consumers, publicKey);
    const found = [
      ...byAge(row, olderThanMs, now),
      ...byUse(row, survey, own, now),
      ...(own === null ? [] : byConsumers(own)),
      ...(ownerless.has(row.id) ? [ownerDeleted] : []),
      ...provisioned(row, survey),
    ];
    return found.map((finding) => ({ ...finding, publicKey, projectName, note }));
  };
}

const rotate = 'lfctl key rotate';

function byAge({ createdAt, expiresAt, publicKey }: KeyRow, olderThanMs: number, now: Date): Judged[] {
  const days = ageDays(createdAt, now);
  const old: Judged[] =
    now.getTime() - Date.parse(createdAt) < olderThanMs
      ? []
      : [{ id: 'old', detail: `made ${String(days)} days ago`, fix: `${rotate} ${publicKey}` }];
  if (expiresAt === null || Date.parse(expiresAt) > now.getTime()) return old;
  const detail = `expired on ${expiresAt.slice(0, 10)}, and Langfuse goes on accepting it`;
  return [...old, { id: 'expired', detail, fix: `lfctl key revoke ${publicKey}` }];
}

/** Where the version notes which key rows came with, no use of all time is one; reading alone is not noted. */
function byUse(
  { publicKey, createdAt, isAgentKey }: KeyRow,
  { uses }: KeySurvey,
  own: Consumers | null,
  now: Date,
): Judged[] {
  const isYoung = ageDays(createdAt, now) < unusedAfterDays;
  const isUsed = uses.uses.get(publicKey) !== undefined || (own !== null && consumerNames(own).length > 0);
  if (isAgentKey || isYoung || isUsed || uses.ingestion !== 'noted' || uses.unknown.length > 0) return [];
  const detail = 'nothing was ever sent with it, nobody in the cluster holds it, and it is not in the cache';
  return [{ id: 'unused', detail, fix: `lfctl key revoke ${publicKey}` }];
}

function byConsumers({ workloads, holders }: Consumers): Judged[] {
  const found: Judged[] = [];
  const users = workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
  if (users.length > 1)
    found.push({
      id: 'shared',
      detail: `used by ${users.join(', ')}`,
      fix: 'make a key for each: lfctl key create --team',
    });
  const secrets = holders.filter(({ kind, entries }) => kind === 'Secret' && entries.some(isSecret));
  if (secrets.length > 1)
    found.push({
      id: 'copied',
      detail: `its secret is in ${secrets.map(holderText).join(' and ')}`,
      fix: 'keep it in one place, or make a key for each',
    });
  const plain = [
    ...holders.filter(({ kind, entries }) => kind === 'ConfigMap' && entries.some(isSecret)).map(holderText),
    ...workloads
      .filter(({ literals }) => literals.some(isSecret))
      .map(({ kind, namespace, name }) => `the template of ${kind} ${namespace}/${name}`),
  ];
  if (plain.length > 0)
    found.push({
      id: 'in-plain-text',
      detail: `its secret stands in ${plain.join(' and ')}`,
      fix: 'move it into a Secret, then rotate it',
    });
  return found;
}

const isSecret = ({ part }: { readonly part: string }): boolean => part !== 'public-key';

const ownerDeleted: Judged = {
  id: 'owner-deleted',
  detail: 'who made it is no longer a user',
  fix: 'find who answers for it, and rotate it',
};

function provisioned({ publicKey }: KeyRow, { init }: KeySurvey): Judged[] {
  if (init.state !== 'set' || init.publicKey !== publicKey) return [];
  return [
    {
      id: 'provisioned',
      detail: 'LANGFUSE_INIT_PROJECT_* hold it: once revoked, the next start of web makes it again',
      fix: 'take LANGFUSE_INIT_PROJECT_PUBLIC_KEY and _SECRET_KEY out of the environment of web',
    },
  ];
}

interface Orphans {
  readonly ids: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** A deleted user leaves no trace in api_keys (ON DELETE SET NULL); the audit log names who made the key. */
async function ownersDeleted({ postgres }: Tenancy, rows: readonly KeyRow[]): Promise<Orphans> {
  if (postgres.state !== 'open') return { ids: new Set(), unknown: [] };
  try {
    const found = await postgres.port.query<{ readonly id: string }>(
      `select distinct a.resource_id as id from audit_logs a
        where a.resource_type = 'apiKey' and a.action = 'create' and a.resource_id = any($1)
          and a.user_id is not null and not exists (select from users u where u.id = a.user_id)`,
      [rows.map(({ id }) => id)],
    );
    return { ids: new Set(found.map(({ id }) => id)), unknown: [] };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { ids: new Set(), unknown: [`who made the keys: ${error.message}`] };
  }
}
