import { LfctlError } from '../../../src/errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../../../src/ports/langfuse.ts';
import type { Clock } from '../../../src/validate/follow.ts';
import type { Found, Looker } from '../../../src/validate/during/arrival.ts';
import type { DuringOptions, Trip } from '../../../src/validate/during/trip.ts';
import { openTrip } from '../../../src/validate/during/trip.ts';
import type { Run } from '../../../src/validate/start.ts';
import { answer } from '../_answer.ts';
import { virtualClock } from './_clock.ts';

/** What becomes of one request. */
export type Fate =
  | { readonly to: 'arrive'; readonly afterMs: number; readonly rows?: number }
  | { readonly to: 'vanish' }
  | { readonly to: 'refuse'; readonly status: number; readonly body?: string }
  /** No answer, and yet taken or not. */
  | { readonly to: 'hang'; readonly taken: boolean };

/** A Langfuse in memory whose fate the test decides for each request, by the number of its canary. */
export interface World {
  readonly trip: Trip;
  readonly clock: Clock;
  /** Bodies of what was asked. */
  readonly asked: string[];
}

const answerMs = 20;
const deadlineMs = 10_000;

export function worldOf(
  fateOf: (index: number, attempt: number, nowMs: number) => Fate,
  asked: Partial<DuringOptions> = {},
  parts: { readonly looker?: (look: Looker) => Looker; readonly timeoutMs?: number } = {},
): World {
  const clock = virtualClock();
  const bodies: string[] = [];
  const attempts = new Map<string, number>();
  const rows: { readonly id: string; readonly atMs: number; readonly rows: number }[] = [];
  const post = async (request: HttpRequest): Promise<HttpAnswer> => {
    const body = String(request.body);
    bodies.push(body);
    const { id, events } = generationIn(body);
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    const fate = fateOf(Number.parseInt(id.slice(-6), 16), attempt, clock.elapsed());
    if (fate.to === 'arrive') rows.push({ id, atMs: clock.elapsed() + fate.afterMs, rows: fate.rows ?? 1 });
    if (fate.to === 'hang' && fate.taken) rows.push({ id, atMs: clock.elapsed(), rows: 1 });
    await clock.pause(fate.to === 'hang' ? deadlineMs : answerMs);
    if (fate.to === 'hang') throw new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });
    if (fate.to === 'refuse') return answer(fate.status, fate.body ?? 'refused');
    return answer(207, { successes: events.map((event) => ({ id: event, status: 201 })), errors: [] });
  };
  const look = (): Promise<readonly Found[]> =>
    Promise.resolve(
      rows.filter(({ atMs }) => atMs <= clock.elapsed()).map(({ id, rows: count }) => ({ id, rows: count })),
    );
  const trip = tripOf(clock, post, asked, parts.timeoutMs ?? 20_000);
  const store: Looker = { hop: 'store', look };
  const lookers = [parts.looker === undefined ? store : parts.looker(store)];
  return { trip: { ...trip, watch: { ...trip.watch, lookers } }, clock, asked: bodies };
}

function generationIn(body: string): { readonly id: string; readonly events: readonly string[] } {
  const { batch } = JSON.parse(body) as {
    batch: { readonly id: string; readonly type: string; readonly body: { readonly id: string } }[];
  };
  const id = batch.find(({ type }) => type === 'generation-create')?.body.id ?? '';
  return { id, events: batch.map((event) => event.id) };
}

function tripOf(
  clock: Clock,
  post: LangfusePort['send'],
  asked: Partial<DuringOptions>,
  timeoutMs: number,
): Trip {
  const get = (): Promise<HttpAnswer> => Promise.resolve(answer(404));
  const skipped = { state: 'skipped', detail: 'not configured' } as const;
  const run = {
    options: {
      clock,
      cleanClock: clock,
      now: () => new Date(Date.parse('2026-11-21T02:00:00Z') + clock.elapsed()),
      openers: { encodeSpans: () => Promise.reject(new TypeError('Langfuse 2 takes no spans')) },
      settings: { timeoutMs },
      signal: new AbortController().signal,
      require: [],
      onProgress: () => undefined,
      onNote: () => undefined,
    },
    langfuse: { get, getWithKeys: get, send: post, sendWithKeys: post, close: () => undefined },
    era: { version: '2.95.12', generation: 2, mode: 'postgres' },
    projectId: 'project',
    stations: { postgres: skipped, clickhouse: skipped, redis: skipped, objects: skipped, media: skipped },
  };
  return openTrip(run as unknown as Run, { ratePerSecond: 5, forMs: 10_000, command: null, ...asked });
}
