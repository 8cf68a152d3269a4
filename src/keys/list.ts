import type { Deployment } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import type { OrganizationApi } from '../tenancy/org-api.ts';
import { apiInstead, apiKeys, apiProjects } from './api.ts';
import type { Consumers } from './consumers/find.ts';
import { consumersOf, findConsumers } from './consumers/find.ts';
import { holderText } from './consumers/holders.ts';
import type { InitKey } from './init.ts';
import { initKey } from './init.ts';
import { knownKeys } from './known.ts';
import type { LastUse, LastUses } from './last-use.ts';
import { lastUses } from './last-use.ts';
import { pickProject, projects } from './project.ts';
import type { KeyRow } from './row.ts';
import { allKeys } from './row.ts';

/** Who made a key, as far as something tells. */
type KeyOrigin = 'init' | 'user' | 'api' | 'in-app-agent' | 'unknown';

/** One API key with what is known of it. */
export interface KeyView {
  readonly id: string;
  readonly publicKey: string;
  /** `sk-lf-...1234`. */
  readonly displaySecret: string;
  readonly scope: 'project' | 'organization';
  readonly projectId: string | null;
  readonly projectName: string | null;
  readonly organizationName: string | null;
  readonly note: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly ageDays: number;
  /** RFC 3339; null where nothing shows a use, which `lastUsedReach` of the listing puts into perspective. */
  readonly lastUsedAt: string | null;
  readonly lastUsedSource: LastUse['source'];
  /** RFC 3339. No release of Langfuse looks at it. */
  readonly expiresAt: string | null;
  readonly origin: KeyOrigin;
  /** `Deployment litellm/litellm`, and Secrets or ConfigMaps that hold it and nobody uses; null without a cluster. */
  readonly consumers: readonly string[] | null;
}

/** Keys, and what could not be told of them. */
export interface KeyListing {
  readonly keys: readonly KeyView[];
  /** `api`: of the one organisation whose key opens the API. */
  readonly source: 'postgres' | 'api';
  /** How far back an absent last use means something. */
  readonly lastUsedReach: string;
  readonly unknown: readonly string[];
}

/** What listing and auditing look at. */
export interface KeySurvey {
  readonly rows: readonly KeyRow[];
  readonly source: KeyListing['source'];
  readonly uses: LastUses;
  /** Null without a cluster. */
  readonly consumers: Consumers | null;
  readonly init: InitKey;
}

/** All keys of the instance, or of one project (id or name), oldest first. @throws LfctlError PROJECT_*, POSTGRES_* */
export async function listKeys(tenancy: Tenancy, project: string | undefined): Promise<KeyListing> {
  return listingOf(await surveyKeys(tenancy, project), tenancy.now());
}

/** What is shown of a survey. */
export function listingOf({ rows, ...seen }: KeySurvey, now: Date): KeyListing {
  return {
    keys: rows.map((row) => viewOf(row, { ...seen, now })),
    source: seen.source,
    lastUsedReach: seen.uses.reach,
    unknown: [...seen.uses.unknown, ...(seen.consumers?.unknown ?? [])],
  };
}

/** Rows, uses and consumers, asked for at once. */
export async function surveyKeys(tenancy: Tenancy, project: string | undefined): Promise<KeySurvey> {
  const api = await apiInstead(tenancy);
  const rows = api === null ? await storedRows(tenancy, project) : await apiRows(api, project);
  const [uses, consumers] = await Promise.all([lastUses(tenancy, rows), consumersIn(tenancy, rows)]);
  const source = api === null ? 'postgres' : 'api';
  return { rows, source, uses, consumers, init: initKey(tenancy.deployment) };
}

async function storedRows(tenancy: Tenancy, project: string | undefined): Promise<KeyRow[]> {
  const postgres = need(tenancy.postgres, 'keys are listed from Postgres');
  const all = await allKeys(postgres);
  if (project === undefined) return all;
  const { id } = pickProject(await projects(postgres), project);
  return all.filter(({ projectId }) => projectId === id);
}

/** Of the one organisation whose key opens the API. */
async function apiRows(api: OrganizationApi, project: string | undefined): Promise<KeyRow[]> {
  const all = apiProjects(api);
  return await apiKeys(api, project === undefined ? all : [pickProject(all, project)]);
}

/** Who holds these keys, in every namespace that may be read. Null without a cluster. */
export async function consumersIn(
  { kube, deployment, salt }: Tenancy,
  rows: readonly KeyRow[],
): Promise<Consumers | null> {
  if (kube.state !== 'open' || deployment === null) return null;
  try {
    return await findConsumers(kube.port, namespacesOf(deployment), knownKeys(rows, salt));
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { holders: [], workloads: [], unknown: [`consumers: ${error.message}`] };
  }
}

/** Where Langfuse and its neighbours live: looked into even where the whole cluster may not be. */
const namespacesOf = ({ namespace, liteLlm }: Deployment): string[] => [
  ...new Set([namespace, ...liteLlm.map(({ workload }) => workload.namespace)]),
];

interface Seen extends Omit<KeySurvey, 'rows'> {
  readonly now: Date;
}

const dayMs = 86_400_000;

function viewOf(row: KeyRow, { uses, consumers, init, now }: Seen): KeyView {
  const { id, publicKey, displaySecret, projectId, projectName, organizationName, note, createdAt } = row;
  const use = uses.uses.get(publicKey);
  return {
    id,
    publicKey,
    displaySecret,
    scope: row.scope === 'ORGANIZATION' ? 'organization' : 'project',
    projectId,
    projectName,
    organizationName,
    note,
    createdAt,
    ageDays: ageDays(createdAt, now),
    lastUsedAt: use?.at ?? null,
    lastUsedSource: use?.source ?? null,
    expiresAt: row.expiresAt,
    origin: originOf(row, init),
    consumers: consumers === null ? null : consumerNames(consumersOf(consumers, publicKey)),
  };
}

/** Whole days since then. */
export const ageDays = (since: string, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / dayMs));

/** `created_by_*` came with 3.206; before, only what web provisions by itself leaves a mark. */
function originOf(
  { publicKey, note, isAgentKey, stored, createdByUserId }: KeyRow,
  init: InitKey,
): KeyOrigin {
  if (isAgentKey) return 'in-app-agent';
  if (init.state === 'set' && init.publicKey === publicKey) return 'init';
  if (createdByUserId !== null) return 'user';
  if (typeof stored['created_by_api_key_id'] === 'string') return 'api';
  return note === 'Provisioned API Key' ? 'init' : 'unknown';
}

/** Workloads first; an object that none of them uses is named itself. */
export function consumerNames({ workloads, holders }: Consumers): string[] {
  const used = new Set(workloads.flatMap(({ uses }) => uses.map(({ holder }) => holderText(holder))));
  return [
    ...workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ...holders.map(holderText).filter((name) => !used.has(name)),
  ];
}
