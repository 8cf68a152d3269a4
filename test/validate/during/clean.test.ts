import { describe, expect, it } from 'vitest';
import type { ObjectsPort } from '../../../src/ports/objects.ts';
import type { RedisPort, RedisReply } from '../../../src/ports/redis.ts';
import { canaryEnvironment, canaryIds, canaryName } from '../../../src/validate/canary.ts';
import { canaryTraceId } from '../../../src/validate/canary-id.ts';
import { queuedBroom } from '../../../src/validate/during/queued.ts';
import { exportedFiles, tripFilesBroom } from '../../../src/validate/during/raw-files.ts';

const second = new Date('2026-11-20T02:00:00Z');
const traceId = canaryTraceId('project', second);
const otherTrace = canaryTraceId('project', new Date('2026-11-20T01:00:00Z'));
const canaries = [canaryIds('project', traceId, second)];
const traces = new Set([traceId]);
const minute = 'events/otel/project/2026/11/21/02/00';

function bucketOf(
  files: Readonly<Record<string, string>>,
): ObjectsPort & { readonly kept: Map<string, string>; readonly batches: number[] } {
  const kept = new Map(Object.entries(files));
  const batches: number[] = [];
  const unused = (): Promise<never> => Promise.reject(new TypeError('not used here'));
  const entry = (key: string) => ({ key, sizeBytes: (kept.get(key) ?? '').length, modifiedAt: '' });
  return {
    kept,
    batches,
    headBucket: unused,
    list: (prefix) => Promise.resolve([...kept.keys()].filter((key) => key.startsWith(prefix)).map(entry)),
    stat: (key) => Promise.resolve(kept.has(key) ? entry(key) : null),
    get: (key) => Promise.resolve(Buffer.from(kept.get(key) ?? '')),
    put: unused,
    remove: unused,
    removeAll: (keys) => {
      batches.push(keys.length);
      for (const key of keys) kept.delete(key);
      return Promise.resolve();
    },
    close: () => undefined,
  };
}

const canaryText = `"name":"${canaryName}","environment":"${canaryEnvironment}"`;

describe('raw files of many canaries', () => {
  const others = {
    [`events/project/observation/${otherTrace}-000001/a.json`]: 'x',
    [`${minute}/other.json`]: `"traceId":"${otherTrace}" ${canaryText}`,
    [`${minute}/user.json`]: `"traceId":"${traceId}" of somebody else`,
  };
  const own = {
    [`events/project/trace/${traceId}/a.json`]: 'x',
    [`events/project/observation/${traceId}-000000/a.json`]: 'x',
    [`events/project/observation/${traceId}-000002/a.json`]: 'x',
    [`${minute}/named.json`]: 'x',
  };
  const stray = {
    [`events/otel/project/2026/11/21/02/01/stray.json`]: `"traceId":"${traceId}" ${canaryText}`,
  };
  const named = new Set([`${minute}/named.json`, `${minute}/gone.json`]);
  const strayed = { from: new Date('2026-11-21T01:59:30Z'), to: new Date('2026-11-21T02:00:10Z') };
  const sweep = async (bucket: ObjectsPort, range: typeof strayed | null): Promise<number> => {
    const exported = exportedFiles(bucket, 'events/', {
      projectId: 'project',
      traces,
      named,
      strayed: range,
    });
    return await tripFilesBroom(bucket, 'events/', exported).sweep(canaries);
  };

  it('go in one batch, and those of others stay', async () => {
    const bucket = bucketOf({ ...others, ...own, ...stray });
    expect(await sweep(bucket, null)).toBe(0);
    expect([...bucket.kept.keys()]).toEqual([...Object.keys(others), ...Object.keys(stray)]);
    expect(bucket.batches).toHaveLength(1);
  });

  it('are sought where an export had no answer', async () => {
    const bucket = bucketOf({ ...others, ...own, ...stray });
    expect(await sweep(bucket, strayed)).toBe(0);
    expect([...bucket.kept.keys()]).toEqual(Object.keys(others));
  });

  it('are counted where they stay', async () => {
    const bucket = bucketOf({ ...others, ...own });
    expect(await sweep({ ...bucket, removeAll: () => Promise.resolve() }, null)).toBe(
      Object.keys(own).length,
    );
  });
});

/** The lists, sets and hashes of a Redis that a clean-up uses. */
function redisOf(
  lists: Readonly<Record<string, readonly string[]>>,
  data: Readonly<Record<string, string>>,
): { readonly redis: RedisPort; readonly lists: Map<string, string[]>; readonly data: Map<string, string> } {
  const kept = new Map(Object.entries(lists).map(([key, ids]) => [key, [...ids]]));
  const hashes = new Map(Object.entries(data));
  const call = (command: string, ...args: readonly (string | number)[]): RedisReply => {
    const key = String(args[0]);
    const list = kept.get(key) ?? [];
    switch (command) {
      case 'LRANGE':
      case 'ZRANGE':
        return list.slice(Number(args[1]), Number(args[2]) + 1);
      case 'HGET':
        return hashes.get(key) ?? null;
      case 'LREM':
      case 'ZREM': {
        const at = list.lastIndexOf(String(args.at(-1)));
        if (at >= 0) list.splice(at, 1);
        return at >= 0 ? 1 : 0;
      }
      case 'DEL':
        return hashes.delete(key) ? 1 : 0;
      default:
        throw new TypeError(command);
    }
  };
  const unused = (): Promise<never> => Promise.reject(new TypeError('not used here'));
  const redis: RedisPort = {
    call: (command, ...args) => Promise.resolve(call(command, ...args)),
    pipeline: (commands) => Promise.resolve(commands.map(([command, ...args]) => call(command, ...args))),
    scan: unused,
    info: unused,
    close: () => Promise.resolve(),
  };
  return { redis, lists: kept, data: hashes };
}

describe('jobs of many canaries', () => {
  const key = 'bull:ingestion-queue';
  const ours = Array.from({ length: 2500 }, (_, index) => `own-${index}`);
  const payload = (id: string): string => `{"payload":{"data":{"eventBodyId":"${id}"}}}`;
  const data = {
    ...Object.fromEntries(ours.map((id) => [`${key}:${id}`, payload(`${traceId}-000001`)])),
    [`${key}:other`]: payload(`${otherTrace}-000001`),
    [`${key}:busy`]: payload(traceId),
    [`${key}:export`]: '{"payload":{"data":{"fileKey":"events/otel/a.json"}}}',
    [`${key}:export-of-others`]: '{"payload":{"data":{"fileKey":"events/otel/b.json"}}}',
  };

  it('go however many wait; those of others stay, and what is being worked on is counted', async () => {
    const {
      redis,
      lists,
      data: left,
    } = redisOf(
      {
        [`${key}:wait`]: [...ours.slice(0, 1500), 'other', ...ours.slice(1500, 2400)],
        [`${key}:delayed`]: ours.slice(2400, 2450),
        [`${key}:failed`]: [...ours.slice(2450), 'export', 'export-of-others'],
        [`${key}:active`]: ['busy'],
      },
      data,
    );
    const store = { redis, target: null, queues: ['ingestion-queue'] };
    const broom = queuedBroom(store, traces, () => Promise.resolve(new Set(['events/otel/a.json'])));
    expect(await broom.sweep(canaries)).toBe(1);
    expect(Object.fromEntries(lists)).toEqual({
      [`${key}:wait`]: ['other'],
      [`${key}:delayed`]: [],
      [`${key}:failed`]: ['export-of-others'],
      [`${key}:active`]: ['busy'],
    });
    expect([...left.keys()]).toEqual(['other', 'busy', 'export-of-others'].map((id) => `${key}:${id}`));
  });

  it('keep their data where a worker takes them in between', async () => {
    const { redis, data: left } = redisOf({ [`${key}:wait`]: ['own-0'] }, data);
    const quick: RedisPort = {
      ...redis,
      pipeline: async (commands) =>
        commands[0]?.[0] === 'LREM' ? commands.map(() => 0) : await redis.pipeline(commands),
    };
    const store = { redis: quick, target: null, queues: ['ingestion-queue'] };
    expect(await queuedBroom(store, traces, () => Promise.resolve(new Set<string>())).sweep(canaries)).toBe(
      1,
    );
    expect(left.has(`${key}:own-0`)).toBe(true);
  });
});
