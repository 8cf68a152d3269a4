import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../../src/errors/error.ts';
import { summarize } from '../../../src/plan/journal.ts';
import type { KubeSecret } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { digest, previousName } from '../../../src/keys/rotate/previous.ts';
import { expectRotated, expectUndone } from './expect.ts';
import type { RotationWorld } from './world.ts';
import { Killed, oldPair, oldRow, pairData, planned, rotate, rotationWorld, secretOf } from './world.ts';

async function refused(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LfctlError) return error.code;
    throw error;
  }
  return 'done';
}

describe('a rotation', () => {
  it('gives every consumer the new pair, and revokes the old one when it is idle', async () => {
    const world = rotationWorld(['litellm/proxy', 'apps/shop']);
    const applied = await rotate(world);
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok', failure: null });
    expectRotated(world);
    expect(applied.records.get(`idle:${oldPair.publicKey}`)).toMatchObject({ isNewUsed: true, oldUses: 0 });
    const kept: KubeSecret | undefined = world.kube.objects.get(
      `secrets/apps/${previousName(oldPair.publicKey)}`,
    );
    expect(Object.keys(kept?.data ?? {})).toEqual(['publicKey', 'secretKey']);
  });

  it('never journals a secret', async () => {
    const world = rotationWorld();
    await rotate(world);
    const text = JSON.stringify([...world.journal.lines.values()]);
    expect(text).toContain(oldPair.publicKey);
    expect(text).not.toMatch(/sk-lf-[\w]{8}/);
  });

  it('is undone after the revocation, by the old public key', async () => {
    const world = rotationWorld(['litellm/proxy', 'apps/shop']);
    await rotate(world);
    expect(await rotate(world, [], { undo: oldPair.publicKey })).toMatchObject({
      outcome: 'undone',
      exit: 'ok',
    });
    expectUndone(world);
    expect(await refused(rotate(world, [], { undo: oldPair.publicKey }))).toBe('ROTATE_NO_RUN');
  });

  it('stops before the revocation with --keep-old', async () => {
    const world = rotationWorld();
    expect(await rotate(world, undefined, { keepOld: true })).toMatchObject({ outcome: 'done' });
    expect(world.rows.size).toBe(2);
    expect(world.use(oldPair.secretKey)).toBe(true);
    expect(world.consumers[0]?.publicKey).not.toBe(oldPair.publicKey);
  });

  it('rotates every key that is old enough, one after the other', async () => {
    const world = rotationWorld();
    expect((await rotate(world, [], { all: true, olderThan: 86_400_000 })).steps).toHaveLength(7);
    expectRotated(world);
    expect((await rotate(world, [], { all: true, olderThan: 86_400_000 })).steps).toEqual([]);
  });
});

it('of all keys leaves out what nobody holds', async () => {
  const world = rotationWorld();
  const unheld = {
    ...oldRow(),
    id: 'k2',
    public_key: 'pk-lf-unheld',
    fast_hashed_secret_key: 'x',
    note: 'unheld',
  };
  world.rows.set('k2', unheld);
  expect(await rotate(world, [], { all: true })).toMatchObject({ outcome: 'done' });
  expect(world.rows.get('k2')).toEqual(unheld);
  expect(world.rows.has('k1')).toBe(false);
});

it('that waited for another one of the same key does nothing any more', async () => {
  const world = rotationWorld();
  const [first, second] = [await planned(world), await planned(world)];
  expect(await first()).toMatchObject({ outcome: 'done' });
  const late = await second();
  expect(late).toMatchObject({ outcome: 'undone', exit: 'refused' });
  expect(late.failure?.code).toBe('PLAN_STALE');
  expectRotated(world);
});

describe('a run that the world has overtaken', () => {
  it('is not undone once its new key was rotated too: that is undone first', async () => {
    const world = rotationWorld();
    await rotate(world);
    const between = world.consumers[0]?.publicKey ?? '';
    await rotate(world, [between]);
    const before = structuredClone([...world.rows.values()]);
    expect(await refused(rotate(world, [], { undo: oldPair.publicKey }))).toBe('KEY_NO_UNDO');
    expect([...world.rows.values()]).toEqual(before);
    expect(world.kube.objects.has(`secrets/litellm/${previousName(oldPair.publicKey)}`)).toBe(true);
    expect(await rotate(world, [], { undo: between })).toMatchObject({ outcome: 'undone' });
    expect(await rotate(world, [], { undo: oldPair.publicKey })).toMatchObject({ outcome: 'undone' });
    expectUndone(world);
  });

  it('is not undone once its new key was revoked: nobody could be given the old one', async () => {
    const world = rotationWorld();
    await rotate(world);
    world.rows.clear();
    expect(await refused(rotate(world, [], { undo: oldPair.publicKey }))).toBe('KEY_NO_UNDO');
    expect(world.rows.size).toBe(0);
  });

  it('leaves no orphan, and stands in the way of nothing, where its old key was revoked before anybody had the new one', async () => {
    const world = rotationWorld();
    await killedAfter(world, 'after change INSERT');
    expect(world.rows.size).toBe(2);
    world.rows.delete('k1');
    const applied = await rotate(world, [], { all: true });
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok' });
    expect(applied.steps.map(({ id }) => id)).toEqual([`create-key:${oldPair.publicKey}`]);
    expect(world.rows.size).toBe(0);
    expect((await rotate(world, [], { all: true })).steps).toEqual([]);
  });

  it('goes on where one of its consumers has the new key, whatever became of the old one', async () => {
    const world = rotationWorld(['litellm/proxy', 'apps/shop']);
    await killedAfter(world, 'after patch secrets');
    world.rows.delete('k1');
    world.cache.clear();
    expect(await rotate(world)).toMatchObject({ outcome: 'done' });
    world.failed.length = 0;
    expectRotated(world);
  });
});

async function killedAfter(world: RotationWorld, point: string): Promise<void> {
  world.onEffect = (what) => {
    if (what !== point) return;
    world.dead = true;
    throw new Killed(what);
  };
  await expect(rotate(world)).rejects.toThrow(Killed);
  world.dead = false;
  world.onEffect = () => undefined;
}

describe('a consumer that does not come round', () => {
  it('whose rollout hangs leaves both keys, and the same line goes on when it is repaired', async () => {
    const world = rotationWorld(['litellm/proxy', 'apps/shop']);
    const [, shop] = world.consumers;
    if (shop === undefined) throw new Error('no shop');
    shop.stuck = true;
    const stopped = await rotate(world);
    expect(stopped).toMatchObject({ outcome: 'partial', exit: 'partial' });
    expect(stopped.failure?.code).toBe('ROTATE_NOT_ADOPTED');
    expect(stopped.failure?.message).toContain('Deployment apps/shop: 0 of 1 new pods ready, 1 former left');
    expect(world.use(oldPair.secretKey)).toBe(true);
    expect(world.failed).toEqual([]);
    Object.assign(shop, {
      stuck: false,
      annotations: world.consumers[0]?.annotations ?? {},
      publicKey: world.valueOf('apps', 'shop', 'LANGFUSE_PUBLIC_KEY'),
      secretKey: world.valueOf('apps', 'shop', 'LANGFUSE_SECRET_KEY'),
    });
    expect(await rotate(world)).toMatchObject({ outcome: 'done' });
    expectRotated(world);
  });

  it('that nobody knows keeps the old key alive by using it', async () => {
    const world = rotationWorld();
    world.onPause = () => void world.use(oldPair.secretKey);
    const stopped = await rotate(world);
    expect(stopped.failure?.code).toBe('ROTATE_STILL_USED');
    expect(stopped.exit).toBe('partial');
    expect(world.rows.size).toBe(2);
    world.onPause = () => undefined;
    expect(await rotate(world, undefined, { resume: true })).toMatchObject({ outcome: 'done' });
    expectRotated(world);
  });

  it('whose Secret somebody writes back is not restarted', async () => {
    const world = rotationWorld();
    world.onEffect = (what) => {
      if (what !== 'after patch secrets') return;
      const at = 'secrets/litellm/proxy';
      const found = world.kube.objects.get(at);
      const back = secretOf('litellm', 'proxy', pairData);
      if (found !== undefined)
        (world.kube.objects as Map<string, unknown>).set(at, { ...found, data: back.data });
    };
    expect((await rotate(world)).failure?.code).toBe('ROTATE_WRITTEN_BACK');
    expect(world.consumers[0]).toMatchObject(oldPair);
    expect(world.failed).toEqual([]);
  });
});

describe('what cannot be rotated is refused before anything is made', () => {
  const owner = { ownerReferences: [{ apiVersion: 'v1', kind: 'ExternalSecret', name: 'x', uid: 'u' }] };
  const foreign = (): RotationWorld => {
    const world = rotationWorld([]);
    const secret = secretOf('apps', 'shop', pairData, owner);
    (world.kube.objects as Map<string, unknown>).set('secrets/apps/shop', secret);
    return world;
  };

  it.each([
    ['an unknown key', () => rotationWorld(), ['pk-lf-other'], {}, 'KEY_UNKNOWN'],
    ['nothing named', () => rotationWorld(), [], {}, 'ROTATE_NOTHING'],
    [
      'another project',
      () => rotationWorld(),
      [oldPair.publicKey],
      { project: 'staging' },
      'PROJECT_UNKNOWN',
    ],
    ['a key without consumers', () => rotationWorld([]), [oldPair.publicKey], {}, 'ROTATE_NO_CONSUMER'],
    ["an operator's Secret", foreign, [oldPair.publicKey], {}, 'ROTATE_FOREIGN'],
    ['a read-only role', () => without({ readonly: true }), [oldPair.publicKey], {}, 'ROTATE_RIGHTS'],
    ['a role without the right', () => without({ write: false }), [oldPair.publicKey], {}, 'ROTATE_RIGHTS'],
    ['a standby', () => without({ standby: true }), [oldPair.publicKey], {}, 'ROTATE_RIGHTS'],
    [
      'Redis down',
      () => Object.assign(rotationWorld(), { redisDown: true }),
      [oldPair.publicKey],
      {},
      'REDIS_REFUSED',
    ],
    ['nothing to go on with', () => rotationWorld(), [oldPair.publicKey], { resume: true }, 'ROTATE_NO_RUN'],
    ['flags that do not fit', () => rotationWorld(), [oldPair.publicKey], { all: true }, 'USAGE'],
  ])('%s', async (_what, make, args, options, code) => {
    const world = make();
    expect(await refused(rotate(world, args, options))).toBe(code);
    expect([...world.rows.values()]).toEqual([oldRow()]);
    expect(world.kube.writes).toEqual([]);
    expect(world.journal.lines.size).toBe(0);
  });

  const without = (rights: Partial<RotationWorld['rights']>): RotationWorld => {
    const world = rotationWorld();
    Object.assign(world.rights, rights);
    return world;
  };

  it("an operator's Secret is handed over with a Secret beside it, and the old key stays", async () => {
    const world = foreign();
    const applied = await rotate(world, undefined, { keepOld: true, toSecret: 'apps/langfuse-next' });
    expect(applied).toMatchObject({ outcome: 'done' });
    expect(world.valueOf('apps', 'shop', 'LANGFUSE_SECRET_KEY')).toBe(oldPair.secretKey);
    expect(world.use(world.valueOf('apps', 'langfuse-next', 'LANGFUSE_SECRET_KEY'))).toBe(true);
    expect(world.use(oldPair.secretKey)).toBe(true);
  });
});

describe('Redis that goes away', () => {
  it('while the old key is watched shows no idleness: both keys stay', async () => {
    const world = rotationWorld();
    let pauses = 0;
    world.onPause = () => void (world.redisDown = (pauses += 1) > 5);
    const stopped = await rotate(world);
    expect(stopped.failure?.code).toBe('ROTATE_STILL_USED');
    expect(stopped.failure?.message).toContain('could not be seen');
    expect(world.rows.size).toBe(2);
    world.onPause = () => undefined;
    world.redisDown = false;
    // The run that goes on has no such place: it would be passed over in silence.
    const other = rotate(world, undefined, { toSecret: 'apps/langfuse-next' });
    await expect(other).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('goes on') as string,
    });
    expect(await rotate(world)).toMatchObject({ outcome: 'done' });
    expectRotated(world);
  });
});

it('the run of a rotation says its steps to the journal', async () => {
  const world = rotationWorld();
  await rotate(world);
  const [run] = await world.journal.runs();
  expect(run === undefined ? null : summarize(run)?.steps.map(({ id }) => id.split(':')[0])).toEqual([
    'create-key',
    'consumers',
    'write-secret',
    'restart',
    'adopted',
    'idle',
    'revoke-key',
  ]);
  expect(world.kube.objects.has(`${resources.secrets.plural}/litellm/proxy`)).toBe(true);
});

it('rotations one after the other leave one mark, and no plain hash of a secret', async () => {
  const world = rotationWorld();
  await rotate(world);
  const [first] = world.consumers;
  const next = first?.publicKey ?? '';
  await rotate(world, [next]);
  const marks = Object.keys(first?.annotations ?? {}).filter((name) => name.startsWith('lfctl.dev/'));
  expect(marks).toEqual([`lfctl.dev/key-${digest(next)}`]);
  const value = first?.annotations[marks[0] ?? ''] ?? '';
  expect(value).toMatch(/^pk-lf-[\w-]{36} [0-9a-f]{12}$/);
  expect(value).not.toContain(digest(first?.secretKey ?? ''));
});
