import { describe, expect, it } from 'vitest';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import { canaryEnvironment, canaryIds, canaryName } from '../../src/validate/canary.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import { objectsBroom } from '../../src/validate/clean/objects.ts';

const at = new Date('2026-11-21T02:00:30Z');
const traceId = canaryTraceId('project', at);
const canary = canaryIds('project', traceId, at);

/** A bucket in memory. */
function bucketOf(files: Readonly<Record<string, string>>): ObjectsPort & { readonly keys: () => string[] } {
  const kept = new Map(Object.entries(files));
  const entry = (key: string) => ({ key, sizeBytes: (kept.get(key) ?? '').length, modifiedAt: '' });
  return {
    keys: () => [...kept.keys()],
    headBucket: () => Promise.resolve(),
    list: (prefix, limit) =>
      Promise.resolve(
        [...kept.keys()]
          .filter((key) => key.startsWith(prefix))
          .slice(0, limit)
          .map(entry),
      ),
    stat: (key) => Promise.resolve(kept.has(key) ? entry(key) : null),
    get: (key) => Promise.resolve(Buffer.from(kept.get(key) ?? '')),
    put: () => Promise.reject(new TypeError('nothing is written here')),
    remove: (key) => Promise.resolve(void kept.delete(key)),
    removeAll: () => Promise.reject(new TypeError('each is looked at by itself here')),
    close: () => undefined,
  };
}

const bytes = JSON.stringify(Buffer.from(traceId, 'hex'));
/** What each raw file of a canary holds beside its id. */
const body = `"name":"${canaryName}","environment":"${canaryEnvironment}"`;
const minute = 'events/otel/project/2026/11/21/02';

describe('removing raw files', () => {
  it('removes those of the canary alone, whichever encoding they came in', async () => {
    const others = {
      'events/project/trace/0af7651916cd43dd8448eb211c803177/a.json': traceId,
      [`${minute}/00/other.json`]: '[{"traceId":"0af7651916cd43dd8448eb211c803177"}]',
      [`${minute}/00/large.json`]: `${traceId}${' '.repeat(64 * 1024)}`,
      [`${minute}/05/later.json`]: `${traceId}${body}`,
      [`events/otel/another/2026/11/21/02/00/x.json`]: `${traceId}${body}`,
      // Of somebody whose ids are a canary's, and whose names are not.
      [`events/project/trace/${traceId}/b.json`]: '[{"name":"mine","environment":"production"}]',
      [`${minute}/00/mine.json`]: `[{"traceId":"${traceId}"}]`,
    };
    const bucket = bucketOf({
      ...others,
      [`events/project/trace/${traceId}/a.json`]: body,
      [`events/project/observation/${canary.generationId}/a.json`]: body,
      [`events/project/score/${canary.scoreId}/a.json`]: body,
      [`${minute}/00/json.json`]: `[{"traceId":"${traceId}",${body}}]`,
      [`${minute}/01/protobuf.json`]: `[{"traceId":${bytes},${body}}]`,
    });
    expect(await objectsBroom(bucket, 'events/').sweep([canary])).toBe(0);
    expect(bucket.keys()).toEqual(Object.keys(others));
  });

  it('counts what stays', async () => {
    const bucket = bucketOf({ [`project/trace/${traceId}/a.json`]: body });
    const stuck = { ...bucket, remove: () => Promise.resolve() };
    expect(await objectsBroom(stuck, '').sweep([canary])).toBe(1);
  });

  it('finds the folders that begin with the mark', async () => {
    const other = canaryTraceId('project', new Date('2026-11-21T02:01:00Z'));
    const bucket = bucketOf({
      [`project/trace/${traceId}/a.json`]: '',
      [`project/score/${other}-score/a.json`]: '',
      'project/trace/other/a.json': '',
    });
    expect(await objectsBroom(bucket, '').find?.('project')).toEqual([traceId, other]);
  });

  it('removes an export that is known by name without looking through those of others', async () => {
    const known = `${minute}/30/known.json`;
    const bucket = bucketOf({ [known]: `[{"traceId":"${traceId}",${body}}]` });
    const placed = { ...canary, exported: null };
    expect(await objectsBroom(bucket, 'events/', [known, 'an-id']).sweep([placed])).toBe(0);
    expect(bucket.keys()).toEqual([]);
  });

  it('does not know where there are too many to look through', async () => {
    const files = Array.from({ length: 1000 }, (_, index) => [`${minute}/00/${index}.json`, ''] as const);
    const bucket = bucketOf(Object.fromEntries(files));
    await expect(objectsBroom(bucket, 'events/').sweep([canary])).rejects.toThrow(/too many raw files/);
  });
});
