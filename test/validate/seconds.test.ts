/** Which seconds a run may make ids of, and whose canaries clean-up leaves alone. */
import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { PostgresPort } from '../../src/ports/postgres.ts';
import { canaryIds } from '../../src/validate/canary.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import { duringLock, endedOnly } from '../../src/validate/clean/under-way.ts';
import { takeSeconds } from '../../src/validate/seconds.ts';

const now = new Date('2026-11-21T02:00:10Z');
const closed = { state: 'skipped', detail: 'not configured' } as const;

/** Locks as all sessions of a Postgres see them. */
function lockingPostgres(): { readonly port: PostgresPort; readonly names: Set<string> } {
  const names = new Set<string>();
  const unasked = (): never => {
    throw new TypeError('nothing is asked but locks');
  };
  const lock: PostgresPort['lock'] = async (name) => {
    await Promise.resolve();
    if (names.has(name)) return { held: false, holder: 'lfctl validate', since: null };
    names.add(name);
    const release = (): Promise<void> => Promise.resolve(void names.delete(name));
    return { held: true, lost: new AbortController().signal, release };
  };
  return { port: { query: unasked, change: unasked, lock, close: () => Promise.resolve() }, names };
}

const open = (port: PostgresPort) => ({ state: 'open', port }) as const;
const refusing: PostgresPort = {
  ...lockingPostgres().port,
  lock: () => Promise.reject(new LfctlError('POSTGRES_TIMEOUT', { message: 'no answer' })),
};

describe('the seconds of a run', () => {
  it('are those of the newest whole block, and of the one before for a second run at the same moment', async () => {
    const { port, names } = lockingPostgres();
    const first = await takeSeconds(open(port), 'project', now, 0);
    const second = await takeSeconds(open(port), 'project', now, 0);
    const other = await takeSeconds(open(port), 'another', now, 0);
    expect(first.at(0)).toEqual(new Date('2026-11-21T01:59:44Z'));
    expect(first.at(15)).toEqual(new Date('2026-11-21T01:59:59Z'));
    expect(second.at(0)).toEqual(new Date('2026-11-21T01:59:28Z'));
    expect(other.at(0)).toEqual(first.at(0));
    await Promise.all([first, second, other].map(async ({ release }) => await release()));
    expect(names.size).toBe(0);
  });

  it.each([
    ['without Postgres', closed],
    ['where it gives no lock', open(refusing)],
  ])('are spread by chance over ten minutes %s', async (_, station) => {
    const newest = await takeSeconds(station, 'project', now, 0);
    const oldest = await takeSeconds(station, 'project', now, 0.999_999);
    expect(newest.at(0)).toEqual(now);
    expect(now.getTime() - oldest.at(15).getTime()).toBeLessThanOrEqual(600_000);
    await newest.release();
  });
});

describe('canaries of a run under way', () => {
  const made = (ageMs: number) => {
    const second = new Date(now.getTime() - ageMs);
    return canaryIds('project', canaryTraceId('project', second), second);
  };

  it('are left alone as long as their block is locked', async () => {
    const { port } = lockingPostgres();
    const run = await takeSeconds(open(port), 'project', now, 0);
    const own = canaryIds('project', canaryTraceId('project', run.at(1)), run.at(1));
    const old = made(60_000);
    const station = open(port);
    expect(await endedOnly(station, 'project', [own, old], now)).toEqual({
      canaries: [old],
      underWay: 1,
      unsure: null,
    });
    await run.release();
    expect(await endedOnly(station, 'project', [own], now)).toMatchObject({ canaries: [own], underWay: 0 });
  });

  it('have one lock for all of them where the run is a long one', async () => {
    const { port } = lockingPostgres();
    const canaries = [made(4_000_000), made(5_000_000)];
    const lock = await port.lock(duringLock('project'), 'lfctl validate');
    expect(await endedOnly(open(port), 'project', canaries, now)).toMatchObject({
      canaries: [],
      underWay: 2,
    });
    if (lock.held) await lock.release();
    expect(await endedOnly(open(port), 'project', canaries, now)).toMatchObject({ canaries });
  });

  it('are not told from others without a lock: only the old ones go, and that is said', async () => {
    const old = made(800_000);
    expect(await endedOnly(closed, 'project', [made(1000), old], now)).toEqual({
      canaries: [old],
      underWay: 0,
      unsure: expect.stringMatching(/^1 canaries are younger/) as string,
    });
  });
});
