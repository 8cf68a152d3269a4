import { describe, expect, it, vi } from 'vitest';
import type { Lease } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { PostgresLock, PostgresPort } from '../../src/ports/postgres.ts';
import type { LockClock, LockPlaces } from '../../src/plan/lock.ts';
import { takeLocks } from '../../src/plan/lock.ts';
import { memoryKube, type MemoryKube } from '../support/memory-kube.ts';

const mia = { who: 'mia@laptop pid 1', purpose: 'key rotate' };
const noah = { who: 'noah@ci pid 2', purpose: 'key revoke' };

/** Time that passes in pauses alone. */
function stoppedClock(during: () => void | Promise<void> = () => undefined): LockClock & { ms: number } {
  const clock = {
    ms: Date.parse('2026-11-21T10:00:00Z'),
    now: () => new Date(clock.ms),
    pause: async (ms: number) => {
      clock.ms += ms;
      await during();
    },
  };
  return clock;
}

const inCluster = (port: MemoryKube, postgres: PostgresPort | null = null): LockPlaces => ({
  kube: { port, namespace: 'langfuse', release: 'prod' },
  postgres,
  deployment: 'prod',
});

/** Advisory locks of one database. */
function memoryPostgres(): PostgresPort {
  const held = new Map<string, string>();
  const lock = async (name: string, holder: string): Promise<PostgresLock> => {
    const other = held.get(name);
    if (other !== undefined)
      return await Promise.resolve({ held: false, holder: other, since: '2026-11-21T09:59:00.000Z' });
    held.set(name, holder);
    const release = async (): Promise<void> => {
      held.delete(name);
      await Promise.resolve();
    };
    return { held: true, lost: new AbortController().signal, release };
  };
  return {
    query: () => Promise.resolve([]),
    change: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    lock,
  };
}

const leaseOf = async (kube: MemoryKube): Promise<Lease | null> =>
  await kube.get<Lease>(resources.leases, 'langfuse', 'lfctl-prod-keys');

describe('a lock', () => {
  it('is a lease with holder and purpose, and free again after', async () => {
    const kube = memoryKube();
    const held = await takeLocks('keys', inCluster(kube), mia, stoppedClock());
    expect(await leaseOf(kube)).toMatchObject({
      metadata: { annotations: { 'lfctl.dev/purpose': 'key rotate' } },
      spec: { holderIdentity: 'mia@laptop pid 1', renewTime: '2026-11-21T10:00:00.000000Z' },
    });
    await held.release();
    expect((await leaseOf(kube))?.spec.holderIdentity).toBeUndefined();
    const again = await takeLocks('keys', inCluster(kube), noah, stoppedClock());
    expect(again.notes).toEqual([]);
    await again.release();
  });

  it('that is renewed is respected, with its holder and age', async () => {
    const kube = memoryKube();
    const clock = stoppedClock(async () => {
      const lease = await leaseOf(kube);
      await kube.patch(resources.leases, 'langfuse', 'lfctl-prod-keys', { spec: { ...lease?.spec } });
    });
    const held = await takeLocks('keys', inCluster(kube), mia, clock);
    await expect(takeLocks('keys', inCluster(kube), noah, clock)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(
        /mia@laptop pid 1 \(key rotate\) holds .*lfctl-prod-keys for \d+ s/,
      ) as string,
    });
    await takeLocks('projects', inCluster(kube), noah, clock).then(async (other) => await other.release());
    await held.release();
  });

  it('whose holder is silent for its whole time is taken over, after saying so, whatever the clocks say', async () => {
    const kube = memoryKube();
    await takeLocks('keys', inCluster(kube), mia, stoppedClock());
    const behind = stoppedClock();
    behind.ms -= 600_000;
    const startedMs = behind.ms;
    const held = await takeLocks('keys', inCluster(kube), noah, behind);
    expect(held.notes).toEqual(['took over the stale lock of mia@laptop pid 1 (key rotate)']);
    expect(behind.ms - startedMs).toBeGreaterThanOrEqual(15_000);
    await held.release();
  });

  it('of long ago is taken over at once', async () => {
    const kube = memoryKube();
    await takeLocks('keys', inCluster(kube), mia, stoppedClock());
    const later = stoppedClock();
    later.ms += 2 * 3_600_000;
    const startedMs = later.ms;
    await takeLocks('keys', inCluster(kube), noah, later).then(async (held) => await held.release());
    expect(later.ms).toBe(startedMs);
  });

  it('goes to one of two that start at the same moment', async () => {
    const kube = memoryKube();
    const both = await Promise.allSettled(
      [mia, noah].map(async (who) => await takeLocks('keys', inCluster(kube), who, stoppedClock())),
    );
    const won = both.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'LOCKED' });
    for (const one of both) if (one.status === 'fulfilled') await one.value.release();
  });

  it('is taken in Postgres as well, and neither is kept when one is not had', async () => {
    const kube = memoryKube();
    const postgres = memoryPostgres();
    const outside: LockPlaces = { kube: null, postgres, deployment: 'prod' };
    const held = await takeLocks('keys', outside, mia, stoppedClock());
    await expect(takeLocks('keys', inCluster(kube, postgres), noah, stoppedClock())).rejects.toMatchObject({
      code: 'LOCKED',
      message:
        'lfctl key rotate by mia@laptop pid 1 holds the lock in Postgres since 2026-11-21T09:59:00.000Z',
    });
    expect((await leaseOf(kube))?.spec.holderIdentity).toBeUndefined();
    await held.release();
    await takeLocks('keys', inCluster(kube, postgres), noah, stoppedClock()).then(
      async (again) => await again.release(),
    );
  });

  it('goes without the cluster where leases are forbidden, says so, and is refused without any place', async () => {
    const kube = memoryKube();
    kube.forbidden.add('get leases');
    const held = await takeLocks('keys', inCluster(kube, memoryPostgres()), mia, stoppedClock());
    expect(held.notes).toEqual(['no lock in the cluster: forbidden: get leases']);
    await held.release();
    await expect(takeLocks('keys', inCluster(kube), mia, stoppedClock())).rejects.toMatchObject({
      code: 'LOCK_UNAVAILABLE',
    });
  });

  it('is lost when somebody else takes the lease', async () => {
    vi.useFakeTimers();
    try {
      const kube = memoryKube();
      const held = await takeLocks('keys', inCluster(kube), mia, stoppedClock());
      await vi.advanceTimersByTimeAsync(6000);
      expect(held.lost.aborted).toBe(false);
      await kube.patch(resources.leases, 'langfuse', 'lfctl-prod-keys', { spec: { holderIdentity: 'eve' } });
      await vi.advanceTimersByTimeAsync(6000);
      expect(held.lost.aborted).toBe(true);
      await held.release();
      expect((await leaseOf(kube))?.spec.holderIdentity).toBe('eve');
    } finally {
      vi.useRealTimers();
    }
  });
});
