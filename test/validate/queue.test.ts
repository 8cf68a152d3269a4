import { describe, expect, it } from 'vitest';
import type { HopName, Look } from '../../src/validate/hop.ts';
import { queueHop } from '../../src/validate/hops/queue.ts';
import type { FoundJob } from '../../src/validate/jobs.ts';

const job = (parts: Partial<FoundJob> = {}): FoundJob => ({
  id: '7',
  queue: 'ingestion-queue',
  key: 'bull:ingestion-queue',
  state: 'waiting',
  delayMs: 0,
  attempts: 0,
  reason: null,
  ...parts,
});

const seen: Look = { state: 'seen', detail: '' };

/** Looks after each of these moments at the jobs of then. */
async function lookThrough(
  moments: readonly (readonly [
    sinceMs: number,
    jobs: readonly FoundJob[],
    looks?: Partial<Record<HopName, Look>>,
  ])[],
): Promise<Look> {
  let jobs: readonly FoundJob[] = [];
  const hop = queueHop({ state: 'open', port: () => Promise.resolve([...jobs]) });
  let last: Look = { state: 'waiting', detail: '' };
  for (const [sinceMs, now, looks = {}] of moments) {
    jobs = now;
    last = await hop.look({ sinceMs, looks: new Map(Object.entries(looks) as [HopName, Look][]) });
  }
  return last;
}

describe('the queue hop', () => {
  it.each<[string, Parameters<typeof lookThrough>[0], Look['state'], RegExp]>([
    ['a job that waits', [[1000, [job()]]], 'waiting', /1 jobs, one waiting/],
    [
      'a job that failed for good',
      [[1000, [job({ state: 'failed', reason: 'no bucket' })]]],
      'failed',
      /has failed: no bucket/,
    ],
    [
      'a job that nobody takes',
      [[10_500, [job()]]],
      'failed',
      /is waiting after 11 s: no worker has taken it/,
    ],
    [
      'a delayed job within its delay and ten seconds',
      [[14_900, [job({ state: 'delayed', delayMs: 5000 })]]],
      'waiting',
      /delayed/,
    ],
    [
      'a delayed job after that',
      [[15_100, [job({ state: 'delayed', delayMs: 5000 })]]],
      'failed',
      /is delayed after 15 s/,
    ],
    ['a job that is being worked on', [[16_000, [job({ state: 'active' })]]], 'waiting', /one active/],
    [
      'a job that is tried again and again',
      [[16_000, [job({ state: 'delayed', delayMs: 5000, attempts: 2, reason: 'connect ECONNREFUSED' })]]],
      'failed',
      /tried 2 times, last: connect ECONNREFUSED/,
    ],
    [
      'the job gone and the row there',
      [
        [100, [job()]],
        [900, [], { store: seen }],
      ],
      'seen',
      /the jobs are done/,
    ],
    ['the row there, and one more job to come', [[900, [job()], { read: seen }]], 'waiting', /1 jobs/],
    ['never seen, and the row there', [[100, [], { read: seen }]], 'seen', /before the first look/],
    [
      'object there, neither job nor row',
      [[5100, [], { object: seen }]],
      'failed',
      /neither a job nor a row/,
    ],
    ['the same, a moment earlier', [[4900, [], { object: seen }]], 'waiting', /no job/],
    [
      'job just gone after its delay: the row has five seconds from then',
      [
        [5000, [job({ state: 'delayed', delayMs: 5000 })]],
        [9900, [], { object: seen }],
      ],
      'waiting',
      /no job/,
    ],
    [
      'job gone and the row dropped',
      [
        [5000, [job({ state: 'delayed', delayMs: 5000 })]],
        [10_100, [], { object: seen }],
      ],
      'failed',
      /neither a job nor a row/,
    ],
    ['no access to objects: only time can tell', [[50_000, []]], 'waiting', /no job/],
  ])('%s', async (_, moments, state, detail) => {
    const look = await lookThrough(moments);
    expect(look.state).toBe(state);
    expect(look.detail).toMatch(detail);
  });

  it('says why it could not look', async () => {
    const hop = queueHop({ state: 'unknown', detail: 'forbidden' });
    expect(await hop.look({ sinceMs: 0, looks: new Map() })).toEqual({
      state: 'unknown',
      detail: 'forbidden',
    });
  });
});
