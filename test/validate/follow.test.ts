import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { Clock } from '../../src/validate/follow.ts';
import { follow } from '../../src/validate/follow.ts';
import type { Hop, HopName, Look, Trail } from '../../src/validate/hop.ts';

/** A clock that goes on only by pauses. */
function turnedClock(): Clock & { now: number } {
  const clock = {
    now: 0,
    elapsed: () => clock.now,
    pause: (ms: number) => {
      clock.now += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

const seenAt = (name: HopName, atMs: number): Hop => ({
  name,
  look: ({ sinceMs }: Trail) =>
    Promise.resolve<Look>(
      sinceMs >= atMs ? { state: 'seen', detail: 'there' } : { state: 'waiting', detail: 'not yet' },
    ),
});

const following = (hops: readonly Hop[], clock: Clock, untilMs = 60_000): Parameters<typeof follow>[0] => ({
  hops,
  clock,
  sentMs: 0,
  acceptedMs: 0,
  untilMs,
});

const states = (results: Awaited<ReturnType<typeof follow>>): string[] =>
  results.map(({ hop, look }) => `${hop} ${look.state}`);

describe('following a canary', () => {
  it('ends when each hop has been seen, in any order, with the time of each', async () => {
    const results = await follow(
      following([seenAt('object', 0), seenAt('store', 2000), seenAt('read', 900)], turnedClock()),
    );
    expect(states(results)).toEqual(['object seen', 'store seen', 'read seen']);
    const [object, store, read] = results;
    expect(object?.ms).toBe(0);
    expect(store?.ms).toBeGreaterThanOrEqual(2000);
    expect(store?.ms).toBeLessThan(3100);
    expect(read?.ms).toBeLessThan(store?.ms ?? 0);
  });

  it('ends at the first failure: what was not seen by then stays as it was', async () => {
    const failing: Hop = { name: 'queue', look: () => Promise.resolve({ state: 'failed', detail: 'gone' }) };
    const clock = turnedClock();
    const results = await follow(following([failing, seenAt('read', 5000)], clock));
    expect(states(results)).toEqual(['queue failed', 'read waiting']);
    expect(clock.now).toBe(0);
  });

  it('waits for the hops before the one that failed: one of them may be where the canary is lost', async () => {
    const refused: Hop = { name: 'read', look: () => Promise.resolve({ state: 'failed', detail: '403' }) };
    const hops = [seenAt('queue', 2000), seenAt('store', 1000), refused];
    expect(states(await follow(following(hops, turnedClock())))).toEqual([
      'queue seen',
      'store seen',
      'read failed',
    ]);
  });

  it('ends when time is over', async () => {
    const clock = turnedClock();
    const results = await follow(following([seenAt('read', Infinity)], clock, 10_000));
    expect(states(results)).toEqual(['read waiting']);
    expect(clock.now).toBe(10_000);
  });

  it('looks less and less often, and not at all at what has been seen', async () => {
    let looks = 0;
    const counting: Hop = {
      name: 'object',
      look: () => Promise.resolve({ state: 'seen', detail: String((looks += 1)) }),
    };
    const slow = seenAt('read', 20_000);
    let asked = 0;
    const counted: Hop = { ...slow, look: (trail) => ((asked += 1), slow.look(trail)) };
    await follow(following([counting, counted], turnedClock()));
    expect(looks).toBe(1);
    expect(asked).toBeLessThan(40);
  });

  it('takes an error of the store for unknown, and any other for a bug', async () => {
    const refused: Hop = {
      name: 'store',
      look: () => Promise.reject(new LfctlError('CLICKHOUSE_REFUSED', { message: 'nothing listens' })),
    };
    expect(await follow(following([refused], turnedClock()))).toMatchObject([
      { look: { state: 'unknown', detail: 'nothing listens' } },
    ]);
    const broken: Hop = { name: 'store', look: () => Promise.reject(new TypeError('oops')) };
    await expect(follow(following([broken], turnedClock()))).rejects.toThrow('oops');
  });

  it('asks a hop that judges by the others after them, in the same round', async () => {
    const judging: Hop = {
      name: 'queue',
      last: true,
      look: ({ looks }) =>
        Promise.resolve({ state: looks.get('read')?.state === 'seen' ? 'seen' : 'failed', detail: '' }),
    };
    expect(states(await follow(following([judging, seenAt('read', 0)], turnedClock())))).toEqual([
      'queue seen',
      'read seen',
    ]);
  });
});
