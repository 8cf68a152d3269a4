import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fastHash } from '../../src/deployment/key-hash.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { revokeKeysPlan } from '../../src/keys/revoke-plan.ts';
import type { RevokeRequest } from '../../src/keys/revoke-plan.ts';
import { undoRevokePlan } from '../../src/keys/revoke-undo.ts';
import type { Applied } from '../../src/plan/apply.ts';
import { applyPlan, undoRun } from '../../src/plan/apply.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import type { KeysWorld } from './world.ts';
import { deploymentOf, hurried, keysWorld, now, pods, rowOf, salt } from './world.ts';

const secret = 'sk-lf-secret-of-one';
const entry = `api-key:${fastHash(secret, salt)}`;
const first = await rowOf('one', secret);
const second = await rowOf('two', 'sk-lf-secret-of-two');
const other = await rowOf('other', 'sk-lf-secret-of-other', { project_id: 'p2' });

const twoKeys = (): KeysWorld => keysWorld([first, second, other]);
const own = { settings: { publicKey: null, secretKey: { value: new Secret(secret) } } } as unknown as Tenancy;

type Journal = ReturnType<typeof memoryJournal>;

async function revoke(
  world: KeysWorld,
  journal: Journal = memoryJournal(),
  more: Partial<RevokeRequest> & { readonly tenancy?: Partial<Tenancy> } = {},
): Promise<Applied> {
  const { tenancy = own, ...request } = more;
  const { plan, continues } = await revokeKeysPlan(world.tenancy(tenancy), {
    publicKeys: ['pk-lf-one'],
    project: undefined,
    last: false,
    runs: await journal.runs(),
    ...request,
  });
  return await hurried(
    applyPlan(plan, { ...contextOf(journal), ...(continues === null ? {} : { continues }) }),
  );
}

// The pauses between sweeps and proofs pass at once.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'done',
    (error: unknown) => (error instanceof LfctlError ? error.code : String(error)),
  );

describe('revoking a key', () => {
  it('takes row and cache entry away, and no pod lets it in any more', async () => {
    const world = twoKeys();
    expect(pods.map((pod) => world.request(pod, 'pk-lf-one', secret))).toEqual([200, 200, 200]);
    const { exit, outcome } = await revoke(world);
    expect([exit, outcome]).toEqual(['ok', 'done']);
    expect(world.rows.has('one')).toBe(false);
    expect(pods.map((pod) => world.request(pod, 'pk-lf-one', secret))).toEqual([401, 401, 401]);
  });

  it('is what a row deleted by SQL alone is not', () => {
    const world = twoKeys();
    world.request('web-1', 'pk-lf-one', secret);
    world.rows.delete('one');
    expect(world.request('web-1', 'pk-lf-one', secret)).toBe(200);
  });

  it('removes the entry again that a request in flight writes after the first removal', async () => {
    const world = twoKeys();
    let written = false;
    world.onRedis = (command) => {
      if (command !== 'DEL' || written) return;
      written = true;
      setImmediate(() => world.cache.set(entry, { denies: false, leftMs: 300_000 }));
    };
    const { exit } = await revoke(world);
    expect([exit, world.request('web-1', 'pk-lf-one', secret)]).toEqual(['ok', 401]);
  });

  it('takes the row with the hash that a first use has filled in meanwhile', async () => {
    const row = { ...first[1], fast_hashed_secret_key: null };
    const world = keysWorld([['one', row], second]);
    const tenancy = world.tenancy(own);
    const { plan } = await revokeKeysPlan(tenancy, {
      publicKeys: ['pk-lf-one'],
      project: undefined,
      last: false,
      runs: [],
    });
    world.rows.set('one', first[1]);
    world.request('web-1', 'pk-lf-one', secret);
    expect((await hurried(applyPlan(plan, contextOf(memoryJournal())))).exit).toBe('ok');
    expect(world.request('web-1', 'pk-lf-one', secret)).toBe(401);
  });

  it('with Redis gone is not claimed, says what to do, and is finished when it is back', async () => {
    const world = twoKeys();
    world.request('web-1', 'pk-lf-one', secret);
    world.redis = 'down';
    const journal = memoryJournal();
    const { exit, failure } = await revoke(world, journal);
    expect([exit, failure?.code]).toEqual(['partial', 'KEY_CACHE_LEFT']);
    expect(failure?.fixes.map(({ text }) => text).join()).toContain('invalidate-all');
    expect(world.request('web-1', 'pk-lf-one', secret)).toBe(200);
    world.redis = 'up';
    const after = await revoke(world, journal);
    expect([after.exit, after.outcome]).toEqual(['ok', 'done']);
    expect(world.request('web-1', 'pk-lf-one', secret)).toBe(401);
    expect([...journal.lines.keys()]).toHaveLength(1);
  });

  it('is not claimed while one pod lets it in', async () => {
    const world = twoKeys();
    world.stubborn.add('web-2');
    const { exit, failure } = await revoke(world);
    expect([exit, failure?.code]).toEqual(['partial', 'KEY_STILL_ACCEPTED']);
    expect(failure?.message).toContain('pod/web-2');
  });

  it('is not claimed while one pod cannot be asked', async () => {
    const world = twoKeys();
    world.silent.add('web-3');
    const { exit, failure } = await revoke(world);
    expect([exit, failure?.code]).toEqual(['partial', 'KEY_UNPROVEN']);
  });

  it('without the secret asks whether web still knows the row', async () => {
    const world = twoKeys();
    const { exit } = await revoke(world, memoryJournal(), { tenancy: {} });
    expect([exit, world.rows.has('one')]).toEqual(['ok', false]);
  });

  it('where nothing leads to web says that it was not tried', async () => {
    const world = twoKeys();
    world.request('web-1', 'pk-lf-one', secret);
    const { exit } = await revoke(world, memoryJournal(), { tenancy: { ...own, deployment: null } });
    expect([exit, world.cache.has(entry)]).toEqual(['ok', false]);
  });

  it('on a Langfuse that has no cache needs no Redis', async () => {
    const world = twoKeys();
    world.redis = 'none';
    const { exit } = await revoke(world, memoryJournal(), {
      tenancy: { ...own, version: '2.95.12', generation: 2 },
    });
    expect(exit).toBe('ok');
  });
});

describe('a revocation is refused', () => {
  it.each<[string, Partial<RevokeRequest>, string]>([
    ['of an unknown key', { publicKeys: ['pk-lf-nobody'] }, 'KEY_UNKNOWN'],
    ['of a key of another project', { project: 'p2' }, 'KEY_OTHER_PROJECT'],
    ['where several projects have the name', { project: 'staging' }, 'PROJECT_AMBIGUOUS'],
    ['where no project has the name', { project: 'nowhere' }, 'PROJECT_UNKNOWN'],
    ['of the last key of a project', { publicKeys: ['pk-lf-other'] }, 'KEY_LAST'],
    ['of both keys of a project', { publicKeys: ['pk-lf-one', 'pk-lf-two'] }, 'KEY_LAST'],
  ])('%s', async (_name, request, code) => {
    const world = twoKeys();
    expect(await codeOf(revoke(world, memoryJournal(), request))).toBe(code);
    expect(world.rows.size).toBe(3);
  });

  it('of a key that the next start of web would make again', async () => {
    const deployment = deploymentOf({
      LANGFUSE_INIT_ORG_ID: 'o',
      LANGFUSE_INIT_PROJECT_ID: 'p1',
      LANGFUSE_INIT_PROJECT_PUBLIC_KEY: 'pk-lf-one',
      LANGFUSE_INIT_PROJECT_SECRET_KEY: secret,
    });
    const world = twoKeys();
    expect(await codeOf(revoke(world, memoryJournal(), { tenancy: { deployment } }))).toBe('KEY_PROVISIONED');
  });

  it('by a role that may only read', async () => {
    const world = twoKeys();
    world.lacking = ['api_keys DELETE'];
    expect(await codeOf(revoke(world))).toBe('POSTGRES_FORBIDDEN');
  });

  it('of the last key but with --last', async () => {
    const world = twoKeys();
    const { exit } = await revoke(world, memoryJournal(), {
      publicKeys: ['pk-lf-other'],
      last: true,
      tenancy: {},
    });
    expect(exit).toBe('ok');
  });
});

describe('a key that is in use', () => {
  const tierOf = async (world: KeysWorld): Promise<string> => {
    const request = { publicKeys: ['pk-lf-one'], project: undefined, last: false, runs: [] };
    return (await revokeKeysPlan(world.tenancy(), request)).plan.tier;
  };

  it('takes the word of who revokes it', async () => {
    const world = twoKeys();
    expect(await tierOf(world)).toBe('reversible');
    world.request('web-1', 'pk-lf-one', secret);
    expect(await tierOf(world)).toBe('large');
  });

  it('may come back where the variables of web cannot be read', async () => {
    const deployment = deploymentOf();
    const [web] = deployment.components;
    if (web === undefined) throw new Error('no web');
    const env = { ...web.env, unreadable: [{ object: 'secret/langfuse-env', why: 'forbidden' as const }] };
    const tenancy = twoKeys().tenancy({ deployment: { ...deployment, components: [{ ...web, env }] } });
    const request = { publicKeys: ['pk-lf-one'], project: undefined, last: false, runs: [] };
    const { plan } = await revokeKeysPlan(tenancy, request);
    expect([plan.tier, plan.notes?.join().includes('LANGFUSE_INIT_')]).toEqual(['large', true]);
  });

  it('may be any where Redis cannot be asked', async () => {
    const world = twoKeys();
    world.redis = 'down';
    expect(await tierOf(world)).toBe('large');
  });
});

describe('undoing a revocation', () => {
  it('puts the row back as it was, by its public key or its run, and web lets it in at once', async () => {
    for (const by of ['pk-lf-one', 'run']) {
      const world = twoKeys();
      const journal = memoryJournal();
      const { run } = await revoke(world, journal);
      // A denial is cached, and would outlive the row.
      expect(world.request('web-1', 'pk-lf-one', secret)).toBe(401);
      const undo = undoRevokePlan(world.tenancy(), await journal.runs(), by === 'run' ? run : by);
      const { exit, outcome } = await hurried(
        undoRun(undo.plan, { ...contextOf(journal), continues: undo.run }),
      );
      expect([exit, outcome]).toEqual(['ok', 'undone']);
      expect(world.rows.get('one')).toEqual(first[1]);
      expect(world.request('web-1', 'pk-lf-one', secret)).toBe(200);
    }
  });

  it('is for 30 days, and once', async () => {
    const world = twoKeys();
    const journal = memoryJournal();
    await revoke(world, journal);
    const runs = await journal.runs();
    const late = new Date(now.getTime() + 31 * 86_400_000);
    expect(() => undoRevokePlan(world.tenancy({ now: () => late }), runs, 'pk-lf-one')).toThrow('30 days');
    const undo = undoRevokePlan(world.tenancy(), runs, 'pk-lf-one');
    await hurried(undoRun(undo.plan, { ...contextOf(journal), continues: undo.run }));
    const after = await journal.runs();
    expect(() => undoRevokePlan(world.tenancy(), after, 'pk-lf-one')).toThrow('30 days');
  });

  it('leaves no secret in the journal', async () => {
    const world = twoKeys();
    const journal = memoryJournal();
    await revoke(world, journal);
    expect(JSON.stringify([...journal.lines])).not.toContain(secret);
  });
});
