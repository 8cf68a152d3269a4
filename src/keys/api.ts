/**
 * Keys through the public API, for those who have no access to Postgres: an organisation's key and an Enterprise licence
 * open it (web/src/pages/api/public/projects/[projectId]/apiKeys of langfuse/langfuse, since 3.51.0).
 */
import { coverage, spanOf } from '../deployment/releases.ts';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Step } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import type { ApiAnswer, OrganizationApi } from '../tenancy/org-api.ts';
import { openOrganizationApi, recordOf, saying } from '../tenancy/org-api.ts';
import type { KeyCreation, MadeKey, NewKey } from './create.ts';
import { identityOf } from './create.ts';
import { displaySecret, newPublicKey, newSecretKey } from './pair.ts';
import type { ProjectRef } from './project.ts';
import { prove, proveNew } from './prove.ts';
import type { KeyRevocation, Revocation } from './revoke.ts';
import type { KeyRow } from './row.ts';

/** The API, where Postgres is not to be had and the API is; null where Postgres is. @throws LfctlError why neither is */
export async function apiInstead(tenancy: Tenancy): Promise<OrganizationApi | null> {
  const { postgres } = tenancy;
  if (postgres.state === 'open') return null;
  const api = await openOrganizationApi(tenancy);
  if (api.state === 'open') return api.port;
  if (postgres.state === 'unknown') throw postgres.error;
  if (api.state === 'unknown') throw api.error;
  throw new LfctlError('NOT_CONFIGURED', {
    message: `keys are kept in Postgres, or through the API for organisations: ${postgres.why}; ${api.why}`,
  });
}

/** What the lock of a change to keys is; none where neither a cluster nor Postgres can hold one. */
export const keysLock = ({ kube, postgres }: Pick<Tenancy, 'kube' | 'postgres'>): string | null =>
  kube.state === 'open' || postgres.state === 'open' ? 'keys' : null;

/** Projects that the organisation's key sees; it does not say whose it is. */
export const apiProjects = ({ projects }: OrganizationApi): ProjectRef[] =>
  projects.map(({ id, name }) => ({ id, name, organization: { id: '', name: 'the organisation' } }));

const pathOf = (projectId: string): string => `/api/public/projects/${encodeURIComponent(projectId)}/apiKeys`;

/** Keys of these projects, as far as the API tells: no hash, no maker. @throws LfctlError LANGFUSE_* */
export async function apiKeys(api: OrganizationApi, projects: readonly ProjectRef[]): Promise<KeyRow[]> {
  const found = await Promise.all(projects.map(async (project) => await keysOf(api, project)));
  return found.flat().toSorted((left, right) => left.createdAt.localeCompare(right.createdAt));
}

async function keysOf(api: OrganizationApi, project: Pick<ProjectRef, 'id' | 'name'>): Promise<KeyRow[]> {
  const answer = await api.send('GET', pathOf(project.id));
  const { apiKeys: list } = recordOf(expected(answer, 200, `GET ${pathOf(project.id)}`));
  return (Array.isArray(list) ? (list as unknown[]) : []).map((one) => rowOf(recordOf(one), project));
}

function rowOf(one: Readonly<Record<string, unknown>>, project: Pick<ProjectRef, 'id' | 'name'>): KeyRow {
  const said = (name: string): string | null => (typeof one[name] === 'string' ? one[name] : null);
  const id = said('id') ?? '';
  const publicKey = said('publicKey') ?? '';
  return {
    id,
    publicKey,
    displaySecret: said('displaySecretKey') ?? '',
    note: said('note'),
    createdAt: said('createdAt') ?? '',
    expiresAt: said('expiresAt'),
    fastHash: null,
    hashed: '',
    projectId: project.id,
    projectName: project.name,
    organizationId: null,
    organizationName: null,
    scope: 'PROJECT',
    isAgentKey: false,
    createdByUserId: null,
    stored: { id, public_key: publicKey, project_id: project.id },
  };
}

function expected({ status, body }: ApiAnswer, wanted: number, what: string): unknown {
  if (status === wanted) return body;
  const code = status === 409 ? 'KEY_EXISTS' : 'LANGFUSE_ANSWER';
  throw new LfctlError(code, { message: `${what} answers ${String(status)} ${saying(body)}`.trim() });
}

/** The API takes given pairs since 3.121.0; before, it makes them. */
const takesPairs = '3.121.0-';

/** The same as `createKeyStep`, by the app itself: it clears its own cache. */
export function createKeyByApi(tenancy: Tenancy, api: OrganizationApi, key: NewKey): KeyCreation {
  const { project, note } = key;
  const publicKey = key.pair?.publicKey ?? newPublicKey();
  const identity = key.identity ?? { id: '', publicKey };
  let made: MadeKey | null = null;
  const step: Step = {
    id: `create-key:${project.id}:${note ?? ''}`,
    text: `make the API key${note === null ? '' : ` '${note}'`} in project ${project.name} through the API`,
    undo: 'delete it through the API',
    intent: { ...identity },
    apply: async (control) => {
      const before = identityOf(control.record(step.id)) ?? identity;
      await removeByApi(api, project, before.publicKey);
      made = await makeByApi(tenancy, api, key, before.publicKey);
      const delivered = await key.deliver?.(made, control);
      const { id, publicKey: own } = made;
      return { id, publicKey: own, ...(delivered === undefined ? {} : { delivered }) };
    },
    revert: async (record, control) => {
      const own = identityOf(record) ?? identity;
      await key.withdraw?.(recordOf(record)['delivered'] as never, control);
      await removeByApi(api, project, own.publicKey);
    },
  };
  return { step, identity, made: () => made };
}

async function makeByApi(
  tenancy: Tenancy,
  api: OrganizationApi,
  { project, note, pair }: NewKey,
  publicKey: string,
): Promise<MadeKey> {
  const isGiven = coverage(takesPairs, spanOf(tenancy.version, tenancy.generation)) === 'all';
  if (pair !== undefined && !isGiven)
    throw new LfctlError('KEY_PAIR_INVALID', {
      message: `the API of Langfuse ${tenancy.version ?? ''} takes no given pairs: they came with 3.121.0`,
    });
  const own = { publicKey, secretKey: (pair?.secretKey ?? newSecretKey()).reveal() };
  const body = { ...(note === null ? {} : { note }), ...(isGiven ? own : {}) };
  const answer = expected(
    await api.send('POST', pathOf(project.id), body),
    201,
    `POST ${pathOf(project.id)}`,
  );
  const said = recordOf(answer);
  const text = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  const secretKey = new Secret(text('secretKey'));
  const shown = { publicKey: text('publicKey'), secretKey };
  const proof = await proveNew(tenancy, shown, async () => await Promise.resolve());
  const displaySecretKey = displaySecret(secretKey.reveal());
  return {
    id: text('id'),
    ...shown,
    displaySecret: displaySecretKey,
    note,
    project,
    cleared: { state: 'none', why: 'Langfuse keeps its cache itself' },
    proof,
  };
}

async function removeByApi(
  api: OrganizationApi,
  project: Pick<ProjectRef, 'id' | 'name'>,
  publicKey: string,
): Promise<void> {
  const found = (await keysOf(api, project)).find((one) => one.publicKey === publicKey);
  if (found === undefined) return;
  const path = `${pathOf(project.id)}/${encodeURIComponent(found.id)}`;
  const answer = await api.send('DELETE', path);
  if (answer.status !== 404) expected(answer, 200, `DELETE ${path}`);
}

/** The same as `revokeKeyStep`, by the app itself; nothing keeps the hashes, so it cannot be undone. */
export function revokeKeyByApi(
  tenancy: Tenancy,
  api: OrganizationApi,
  row: KeyRow,
  secretKey: Secret | null,
): KeyRevocation {
  const { publicKey, projectId, projectName } = row;
  const project = { id: projectId ?? '', name: projectName ?? '' };
  let done: Revocation | null = null;
  const step: Step = {
    id: `revoke-key:${publicKey}`,
    text: `revoke ${publicKey} through the API, and see it refused by web`,
    undo: null,
    intent: { publicKey },
    apply: async () => {
      const startedMs = performance.now();
      await removeByApi(api, project, publicKey);
      const proof = await prove(tenancy, { publicKey, secretKey }, { wanted: 'refused' });
      const why =
        'Langfuse clears its cache before the row goes: a request in between may be let in for longer';
      const ms = Math.round(performance.now() - startedMs);
      done = { publicKey, cleared: { state: 'none', why }, proof, ms };
      return { publicKey, ms };
    },
  };
  return { step, done: () => done };
}
