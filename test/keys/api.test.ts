import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/deployment/settings.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { createKeysPlan, pickUp } from '../../src/keys/create-plan.ts';
import { auditKeys } from '../../src/keys/audit.ts';
import { listKeys } from '../../src/keys/list.ts';
import { createRequest } from '../../src/keys/request.ts';
import { revokeKeysPlan } from '../../src/keys/revoke-plan.ts';
import { applyPlan } from '../../src/plan/apply.ts';
import type { HttpAnswer, HttpRequest, LangfuseTarget } from '../../src/ports/langfuse.ts';
import type { PortOpeners } from '../../src/ports/openers.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import { keysWorld, now } from './world.ts';

interface ApiKey {
  readonly id: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly note: string | null;
}

/** web/src/pages/api/public/projects/[projectId]/apiKeys, of one project with an Enterprise licence. */
function apiOnly(keys: ApiKey[], more: Partial<Tenancy> = {}): Tenancy {
  const answer = (status: number, body: object): HttpAnswer => ({
    status,
    body: JSON.stringify(body),
    ms: 1,
    keepAliveSeconds: null,
    contentType: 'application/json',
    truncated: false,
  });
  const project = { id: 'p1', name: 'production', createdAt: now.toISOString() };
  const view = ({ id, publicKey, secretKey, note }: ApiKey): object => ({
    id,
    publicKey,
    note,
    createdAt: now.toISOString(),
    expiresAt: null,
    lastUsedAt: null,
    displaySecretKey: `sk-lf-...${secretKey.slice(-4)}`,
  });
  const handle = ({ method, path, body }: HttpRequest): HttpAnswer => {
    if (path === '/api/public/organizations/projects') return answer(200, { projects: [project] });
    const id = /^\/api\/public\/projects\/p1\/apiKeys(?:\/(.+))?$/.exec(path);
    if (id === null) return answer(404, {});
    if (method === 'GET') return answer(200, { apiKeys: keys.map(view) });
    if (method === 'DELETE') {
      keys.splice(
        keys.findIndex((key) => key.id === id[1]),
        1,
      );
      return answer(200, { success: true });
    }
    const made = {
      id: `k${String(keys.length)}`,
      note: null,
      ...(JSON.parse(String(body)) as object),
    } as ApiKey;
    keys.push(made);
    return answer(201, { ...view(made), secretKey: made.secretKey });
  };
  const asClient = (secretKey: Secret | undefined): HttpAnswer =>
    answer(keys.some((key) => key.secretKey === secretKey?.reveal()) ? 200 : 401, {
      message: 'Invalid credentials',
    });
  const openLangfuse = ({ secretKey }: LangfuseTarget): object => ({
    sendWithKeys: (request: HttpRequest) => Promise.resolve(handle(request)),
    getWithKeys: () => Promise.resolve(asClient(secretKey)),
    send: ({ headers }: HttpRequest) =>
      Promise.resolve(
        answer(
          keys.some(({ publicKey }) => headers?.['authorization'] === `Bearer ${publicKey}`) ? 403 : 401,
          {},
        ),
      ),
    close: () => undefined,
  });
  const organizationKeys = {
    publicKey: { value: 'pk-lf-org', source: 'environment', origin: 'LFCTL_ORG_PUBLIC_KEY' },
    secretKey: { value: new Secret('sk-lf-org'), source: 'environment', origin: 'LFCTL_ORG_SECRET_KEY' },
  };
  return keysWorld().tenancy({
    settings: { publicKey: null, secretKey: null, organizationKeys } as unknown as Settings,
    openers: { openLangfuse } as unknown as PortOpeners,
    postgres: { state: 'skipped', why: 'not configured: Postgres' },
    kube: { state: 'skipped', why: 'not configured: no cluster' },
    cache: { state: 'skipped', why: 'not configured: Redis' },
    deployment: null,
    webUrl: 'http://web',
    ...more,
  });
}

const usual = {
  team: [],
  publicKeyName: 'PK',
  secretKeyName: 'SK',
  reveal: true,
  fromInput: false,
  note: 'ci',
};
const terminal = { interactive: false, note: () => undefined, readInput: () => Promise.resolve('') };

async function create(tenancy: Tenancy): Promise<readonly [string, string | undefined]> {
  const { request } = await pickUp(tenancy, 'production', await createRequest(usual, terminal));
  const { plan, keys } = await createKeysPlan(tenancy, request, []);
  const { exit } = await applyPlan(plan, contextOf(memoryJournal()));
  return [exit, keys[0]?.made()?.secretKey.reveal()];
}

describe('with the API alone', () => {
  it('keys are made, listed, audited and revoked', async () => {
    const keys: ApiKey[] = [{ id: 'first', publicKey: 'pk-lf-first', secretKey: 'sk-lf-first', note: null }];
    const tenancy = apiOnly(keys);
    const [exit, secret] = await create(tenancy);
    expect([exit, keys.at(-1)?.secretKey]).toEqual(['ok', secret]);
    const listing = await listKeys(tenancy, 'production');
    expect(listing.source).toBe('api');
    expect(listing.keys.map(({ note }) => note)).toEqual([null, 'ci']);
    const { skipped } = await auditKeys(tenancy, { project: undefined, olderThanMs: 1 });
    expect(skipped).toContain('who made the keys: the API does not tell');
    const request = { publicKeys: ['pk-lf-first'], project: undefined, last: false, runs: [] };
    const { plan } = await revokeKeysPlan(tenancy, request);
    // It cannot be undone, and nothing shows whether it is in use.
    expect([plan.tier, plan.steps[0]?.undo, plan.lock]).toEqual(['large', null, null]);
    expect((await applyPlan(plan, contextOf(memoryJournal()))).exit).toBe('ok');
    expect(keys.map(({ note }) => note)).toEqual(['ci']);
  });

  it('the last key is refused, and one that is not there', async () => {
    const tenancy = apiOnly([{ id: 'a', publicKey: 'pk-lf-a', secretKey: 'sk-lf-a', note: null }]);
    const codeOf = async (publicKey: string): Promise<string> =>
      await revokeKeysPlan(tenancy, {
        publicKeys: [publicKey],
        project: undefined,
        last: false,
        runs: [],
      }).then(
        () => '',
        (error: unknown) => (error as LfctlError).code,
      );
    expect([await codeOf('pk-lf-a'), await codeOf('pk-lf-b')]).toEqual(['KEY_LAST', 'KEY_UNKNOWN']);
  });

  it('and without either it is said what is needed', async () => {
    const settings = { organizationKeys: { publicKey: null, secretKey: null } } as unknown as Settings;
    await expect(listKeys(apiOnly([], { settings }), undefined)).rejects.toThrow('LFCTL_ORG_PUBLIC_KEY');
    const down = new LfctlError('POSTGRES_REFUSED', { message: 'Postgres refuses' });
    const postgres = { state: 'unknown', why: down.message, error: down } as const;
    await expect(listKeys(apiOnly([], { settings, postgres }), undefined)).rejects.toBe(down);
  });
});
