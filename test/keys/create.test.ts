import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fastHash } from '../../src/deployment/key-hash.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { createdMore, createKeysPlan, pickUp } from '../../src/keys/create-plan.ts';
import type { PlannedKey } from '../../src/keys/create-plan.ts';
import { usualNames } from '../../src/keys/deliver.ts';
import { bcryptHash, displaySecret, hashSecret } from '../../src/keys/pair.ts';
import { placesFor } from '../../src/keys/places.ts';
import { createRequest } from '../../src/keys/request.ts';
import type { AskedKeys } from '../../src/keys/request.ts';
import { applyPlan } from '../../src/plan/apply.ts';
import type { Applied } from '../../src/plan/apply.ts';
import type { KubeSecret } from '../../src/ports/kube-objects.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { KeysWorld } from './world.ts';
import { columnsOf2, hurried, keysWorld, pods, rowOf, salt } from './world.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lfctl-keys-'))));
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const options = {
  team: [],
  publicKeyName: usualNames.publicKey,
  secretKeyName: usualNames.secretKey,
  reveal: false,
  fromInput: false,
};
const terminal = { interactive: false, note: () => undefined, readInput: () => Promise.resolve('') };

/** bcrypt with the least cost: a row says by itself what it cost. */
const quick: AskedKeys['hash'] = async (secretKey, withSalt) => ({
  hashed: await bcryptHash(secretKey.reveal(), 4),
  fast: withSalt === null ? null : fastHash(secretKey.reveal(), withSalt.reveal()),
  display: displaySecret(secretKey.reveal()),
});

const asking = async (more: object, on: object = {}): Promise<AskedKeys> => ({
  ...(await createRequest({ ...options, ...more }, { ...terminal, ...on })),
  hash: quick,
});

interface Created {
  readonly applied: Applied;
  readonly keys: readonly PlannedKey[];
  readonly journal: ReturnType<typeof memoryJournal>;
}

async function create(
  world: KeysWorld,
  asked: AskedKeys,
  journal = memoryJournal(),
  more: Partial<Tenancy> = {},
): Promise<Created> {
  const tenancy = world.tenancy(more);
  const { request } = await pickUp(tenancy, 'production', asked);
  const { plan, keys, continues } = await createKeysPlan(tenancy, request, await journal.runs());
  const context = { ...contextOf(journal), ...(continues === null ? {} : { continues }) };
  return { applied: await applyPlan(plan, context), keys, journal };
}

const inSecret = (world: KeysWorld, namespace: string, name: string): Record<string, string> => {
  const found: KubeSecret | undefined = world.kube.objects.get(`secrets/${namespace}/${name}`);
  return Object.fromEntries(
    Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
};

const failureOf = async (work: Promise<unknown>): Promise<LfctlError> =>
  await work.then(
    () => new LfctlError('BUG', { message: 'nothing was thrown' }),
    (error: unknown) => error as LfctlError,
  );

describe('making a key', () => {
  it('writes what the app writes, and the pair works at every pod', async () => {
    const world = keysWorld();
    const { applied, keys } = await create(world, {
      ...(await asking({ note: 'ci', reveal: true })),
      hash: hashSecret,
    });
    expect(applied.exit).toBe('ok');
    const [row] = [...world.rows.values()];
    const made = keys[0]?.made();
    const secret = made?.secretKey.reveal() ?? '';
    expect(row).toEqual({
      id: made?.id,
      created_at: '2026-11-21T10:11:12.000',
      note: 'ci',
      public_key: made?.publicKey,
      hashed_secret_key: expect.stringMatching(/^\$2a\$11\$/),
      display_secret_key: `sk-lf-...${secret.slice(-4)}`,
      fast_hashed_secret_key: fastHash(secret, salt),
      project_id: 'p1',
      scope: 'PROJECT',
      is_in_app_agent_key: false,
    });
    expect(made?.id).toMatch(/^c[0-9a-z]{24}$/);
    expect(made?.proof).toMatchObject({ state: 'proven', pods: 3, by: 'pair' });
  });

  it('names only the columns that the table has', async () => {
    const world = keysWorld();
    world.columns = columnsOf2;
    await create(world, await asking({ reveal: true }));
    const [row = {}] = [...world.rows.values()];
    expect(Object.keys(row).filter((column) => !columnsOf2.includes(column))).toEqual([]);
  });

  it('clears a denial that is cached before the pair is handed out', async () => {
    const world = keysWorld();
    const secret = 'sk-lf-tried-too-early';
    expect(world.request('web-1', 'pk-lf-early', secret)).toBe(401);
    const input = `LANGFUSE_PUBLIC_KEY=pk-lf-early\nLANGFUSE_SECRET_KEY=${secret}`;
    const asked = await asking({ fromInput: true }, { readInput: () => Promise.resolve(input) });
    const { applied } = await create(world, asked);
    expect([applied.exit, world.request('web-2', 'pk-lf-early', secret)]).toEqual(['ok', 200]);
  });

  it('clears it also where no pod can be asked', async () => {
    const world = keysWorld();
    const secret = 'sk-lf-tried-too-early';
    world.request('web-1', 'pk-lf-early', secret);
    const input = `LANGFUSE_PUBLIC_KEY=pk-lf-early\nLANGFUSE_SECRET_KEY=${secret}`;
    const asked = await asking({ fromInput: true }, { readInput: () => Promise.resolve(input) });
    let isCleared = false;
    world.onChange = (sql) => {
      if (sql.startsWith('INSERT')) world.onRedis = (command) => void (isCleared ||= command === 'DEL');
    };
    const { applied, keys } = await create(world, asked, memoryJournal(), { deployment: null, webUrl: null });
    expect([applied.exit, keys[0]?.made()?.proof.state, isCleared]).toEqual(['ok', 'skipped', true]);
    expect(keys[0]?.made()?.cleared).toEqual({ state: 'cleared', entries: 1 });
  });

  it('leaves no use behind: what the cache says of its last use is a client’s', async () => {
    const world = keysWorld();
    await create(world, await asking({ reveal: true }));
    expect([...world.cache.keys()]).toEqual([]);
  });

  it('shows the secret in the result only with --reveal, and never in the journal', async () => {
    for (const reveal of [true, false]) {
      const world = keysWorld();
      const path = join(folder, `pair-${String(reveal)}`);
      const asked = await asking(reveal ? { reveal } : { toFile: path });
      const { keys, journal, applied } = await create(world, asked);
      const secret = keys[0]?.made()?.secretKey.reveal() ?? 'none';
      expect(JSON.stringify(createdMore(keys)).includes(secret)).toBe(reveal);
      expect(JSON.stringify([...journal.lines, applied.records])).not.toContain(secret);
    }
  });

  it('is undone whole where the pair cannot be put away', async () => {
    const world = keysWorld();
    world.kube.forbidden.add('create secrets');
    const { applied } = await create(world, await asking({ toSecret: 'team/pair' }));
    expect([applied.outcome, applied.failure?.code]).toEqual(['undone', 'KUBE_FORBIDDEN']);
    expect(world.rows.size).toBe(0);
  });

  it('works where web is down, and says that it was not tried', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    const world = keysWorld();
    for (const pod of pods) world.silent.add(pod);
    const { applied, keys } = await hurried(create(world, await asking({ reveal: true })));
    vi.useRealTimers();
    expect([applied.exit, keys[0]?.made()?.proof.state]).toEqual(['ok', 'skipped']);
  });

  it('is undone where web refuses what was made', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    const world = keysWorld();
    // Another SALT in web: it finds the row by no hash.
    const salted = { salt: new Secret('another') };
    const { applied } = await hurried(create(world, await asking({ reveal: true }), memoryJournal(), salted));
    vi.useRealTimers();
    expect([applied.outcome, applied.failure?.code, world.rows.size]).toEqual([
      'undone',
      'KEY_NOT_ACCEPTED',
      0,
    ]);
  });

  it('of a pair that is taken is refused', async () => {
    const world = keysWorld([await rowOf('one', 'sk-lf-taken')]);
    const input = 'LANGFUSE_PUBLIC_KEY=pk-lf-new LANGFUSE_SECRET_KEY=sk-lf-taken';
    const asked = await asking({ fromInput: true }, { readInput: () => Promise.resolve(input) });
    const { applied } = await create(world, asked);
    expect([applied.exit, applied.failure?.code]).toEqual(['refused', 'KEY_EXISTS']);
    expect(applied.failure?.message).not.toContain('sk-lf-taken');
  });

  it('without SALT leaves the fast hash to web', async () => {
    const world = keysWorld();
    await create(world, await asking({ reveal: true }), memoryJournal(), {
      salt: null,
      webUrl: null,
      deployment: null,
    });
    expect([...world.rows.values()][0]?.['fast_hashed_secret_key']).toBeNull();
  });
});

describe('a run that was killed', () => {
  it.each(['before the Secret is written', 'after it'])(
    '%s makes another secret and leaves one key',
    async (when) => {
      const world = keysWorld();
      const journal = memoryJournal();
      const asked = await asking({ note: 'ci', toSecret: 'team/pair' });
      world.kube.onWrite = (what) => {
        if (what.includes('secrets') && when.startsWith('before')) throw new Error('killed');
      };
      const dying: typeof journal = {
        ...journal,
        append: async (run, line) => {
          if (line.event === 'done' && when.startsWith('after')) throw new Error('killed');
          await journal.append(run, line);
        },
      };
      await create(world, asked, dying).catch((error: unknown) => expect(String(error)).toContain('killed'));
      const [orphan] = [...world.rows.values()];
      world.kube.onWrite = () => undefined;
      const { applied, keys } = await create(world, asked, journal);
      expect(applied.exit).toBe('ok');
      const rows = [...world.rows.values()];
      expect(rows.map((row) => row['public_key'])).toEqual([orphan?.['public_key']]);
      expect(rows[0]?.['hashed_secret_key']).not.toBe(orphan?.['hashed_secret_key']);
      expect(inSecret(world, 'team', 'pair')['LANGFUSE_SECRET_KEY']).toBe(
        keys[0]?.made()?.secretKey.reveal(),
      );
      expect([...journal.lines.keys()]).toHaveLength(1);
    },
  );
});

describe('the place for a pair', () => {
  it('is a new Secret, or new keys of one, under names of one’s own', async () => {
    const world = keysWorld();
    const bare = { metadata: { name: 'there', namespace: 'team' }, data: { OTHER: 'eA==' } };
    await world.kube.create(resources.secrets, 'team', bare);
    for (const name of ['new', 'there'])
      await create(
        world,
        await asking({ note: name, toSecret: `team/${name}`, publicKeyName: 'PK', secretKeyName: 'SK' }),
      );
    expect(Object.keys(inSecret(world, 'team', 'new'))).toEqual(['PK', 'SK']);
    expect(Object.keys(inSecret(world, 'team', 'there'))).toEqual(['OTHER', 'PK', 'SK']);
  });

  it('is refused where it is taken, before anything is made', async () => {
    const world = keysWorld();
    await create(world, await asking({ note: 'a', toSecret: 'team/pair' }));
    const before = world.rows.size;
    const failure = await failureOf(create(world, await asking({ note: 'b', toSecret: 'team/pair' })));
    expect([failure.code, world.rows.size]).toEqual(['KEY_TARGET_TAKEN', before]);
  });

  it('is refused where somebody else writes the Secret', async () => {
    const world = keysWorld();
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ExternalSecret', name: 'pair', uid: 'u' }];
    await world.kube.create(resources.secrets, 'team', { metadata: { name: 'pair', ownerReferences } });
    const failure = await failureOf(create(world, await asking({ toSecret: 'team/pair' })));
    expect(failure.message).toContain('written by ExternalSecret');
  });

  it('is a file that only its owner may read, and that was not there', async () => {
    const world = keysWorld();
    const path = join(folder, 'pair.env');
    const { keys } = await create(world, await asking({ toFile: path }));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const secret = keys[0]?.made()?.secretKey.reveal() ?? '';
    expect(await readFile(path, 'utf8')).toBe(
      `LANGFUSE_PUBLIC_KEY=${keys[0]?.identity.publicKey ?? ''}\nLANGFUSE_SECRET_KEY=${secret}\n`,
    );
    await writeFile(path, 'mine');
    const failure = await failureOf(create(world, await asking({ note: 'again', toFile: path })));
    expect([failure.code, await readFile(path, 'utf8')]).toEqual(['KEY_TARGET_TAKEN', 'mine']);
  });

  it('is the terminal where a person sits, and must be named where none does', async () => {
    const shown: string[] = [];
    const world = keysWorld();
    const on = { interactive: true, note: (text: string) => void shown.push(text) };
    const { keys } = await create(world, await asking({}, on));
    expect(shown.join()).toContain(keys[0]?.made()?.secretKey.reveal());
    expect((await failureOf(asking({}))).code).toBe('KEY_NOWHERE');
  });

  it.each([
    [{ toSecret: 'team/pair', reveal: true }, 'says where the secret goes'],
    [{ team: ['a', 'b'], toFile: 'pairs.env' }, '{team}'],
    [{ toSecret: 'pair' }, 'NAMESPACE/NAME'],
    [{ team: ['a', 'a'], reveal: true }, 'twice'],
    [{ team: ['a', 'b'], fromInput: true }, 'one pair'],
  ])('%j is refused', async (flags, words) => {
    expect((await failureOf(asking(flags))).message).toContain(words);
  });

  it('has the team in its name', () => {
    const base = { toFile: undefined, reveal: false, names: usualNames, terminal: false, given: false };
    const places = placesFor({ ...base, toSecret: 'apps/{team}-langfuse' }, ['Search & Ads', 'b']);
    expect(places.map((place) => (place.kind === 'secret' ? place.name : ''))).toEqual([
      'search-ads-langfuse',
      'b-langfuse',
    ]);
  });
});

it('a pair from standard input must have the beginnings that Langfuse asks for', async () => {
  const readInput = (): Promise<string> =>
    Promise.resolve('LANGFUSE_PUBLIC_KEY=mine LANGFUSE_SECRET_KEY=canary-secret');
  const failure = await failureOf(asking({ fromInput: true }, { readInput }));
  expect([failure.code, failure.message.includes('canary')]).toEqual(['KEY_PAIR_INVALID', false]);
});
