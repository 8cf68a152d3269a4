import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../../src/errors/error.ts';
import type { RotateOptions } from '../../../src/keys/rotate/request.ts';
import { expectRotated, expectUndone } from './expect.ts';
import { Killed, oldPair, rotate, rotationWorld } from './world.ts';
import type { RotationWorld } from './world.ts';

/** The same numbers in every run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

type Line = readonly [args: readonly string[], options?: Partial<RotateOptions>];

/** Ends the process at the given effect, counted over everything that it does. True when it came so far. */
async function killAt(world: RotationWorld, line: Line, point: number): Promise<boolean> {
  let seen = 0;
  world.onEffect = (what) => {
    seen += 1;
    if (seen !== point) return;
    world.dead = true;
    throw new Killed(what);
  };
  try {
    await rotate(world, ...line);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  const wasKilled = world.dead;
  world.dead = false;
  world.onEffect = () => undefined;
  return wasKilled;
}

/** How many effects the line has when nobody kills it. */
async function effectsOf(world: RotationWorld, line: Line): Promise<number> {
  let seen = 0;
  world.onEffect = () => void (seen += 1);
  await rotate(world, ...line);
  world.onEffect = () => undefined;
  return seen;
}

/** The same line until nothing is left to do. */
async function again(world: RotationWorld, line: Line): Promise<void> {
  try {
    expect(await rotate(world, ...line)).toMatchObject({ failure: null });
  } catch (error) {
    // Killed after its last line: there is nothing to go on with.
    if (!(error instanceof LfctlError && /^(KEY_UNKNOWN|ROTATE_NO_RUN)$/.test(error.code))) throw error;
  }
}

const points = Number(process.env['LFCTL_KILL_POINTS'] ?? 10);
const names = ['litellm/proxy', 'apps/shop'];
const forward: Line = [[oldPair.publicKey]];
const back: Line = [[], { undo: oldPair.publicKey }];

describe(`killed at ${String(points)} seeded points`, () => {
  it(
    'a rotation comes to the same end, and no request of a consumer fails',
    { timeout: 120_000 },
    async () => {
      const total = await effectsOf(rotationWorld(names), forward);
      const random = seeded(7);
      const chosen = Array.from({ length: points }, () => 1 + Math.floor(random() * total));
      for (const point of chosen) {
        const world = rotationWorld(names);
        expect(await killAt(world, forward, point), `point ${String(point)}`).toBe(true);
        // Killed once more on the way.
        await killAt(world, forward, 1 + Math.floor(random() * total)).catch(ignoreEnd);
        await again(world, forward);
        expectRotated(world);
      }
    },
  );

  it('an undo comes to the same end', { timeout: 120_000 }, async () => {
    const made = async (): Promise<RotationWorld> => {
      const world = rotationWorld(names);
      await rotate(world, ...forward);
      return world;
    };
    const total = await effectsOf(await made(), back);
    const random = seeded(11);
    for (let count = 0; count < Math.ceil(points / 2); count += 1) {
      const world = await made();
      await killAt(world, back, 1 + Math.floor(random() * total));
      await again(world, back);
      expectUndone(world);
    }
  });
});

describe('killed', () => {
  it.each([
    ['before anybody has the new pair', 'after change INSERT'],
    ['between two Secrets', 'after patch secrets'],
    ['between two restarts', 'after patch deployments'],
    ['when the old row is gone and its cache entry is not', 'after change delete'],
  ])('%s', async (_when, point) => {
    const world = rotationWorld(names);
    world.onEffect = (what) => {
      if (what !== point) return;
      world.dead = true;
      throw new Killed(what);
    };
    await expect(rotate(world)).rejects.toThrow(Killed);
    world.dead = false;
    world.onEffect = () => undefined;
    await again(world, forward);
    expectRotated(world);
  });
});

function ignoreEnd(error: unknown): void {
  if (!(error instanceof LfctlError && error.code === 'KEY_UNKNOWN')) throw error;
}
