import { describe, expect, it } from 'vitest';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import { canaryIds } from '../../src/validate/canary.ts';
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
    close: () => undefined,
  };
}

const bytes = JSON.stringify(Buffer.from(traceId, 'hex'));
const minute = 'events/otel/project/2026/11/21/02';

describe('removing raw files', () => {
  it('removes those of the canary alone, whichever encoding they came in', async () => {
    const others = {
      'events/project/trace/0af7651916cd43dd8448eb211c803177/a.json': traceId,
      [`${minute}/00/other.json`]: '[{"traceId":"0af7651916cd43dd8448eb211c803177"}]',
      [`${minute}/00/large.json`]: `${traceId}${' '.repeat(64 * 1024)}`,
      [`${minute}/05/later.json`]: traceId,
      [`events/otel/another/2026/11/21/02/00/x.json`]: traceId,
    };
    const bucket = bucketOf({
      ...others,
      [`events/project/trace/${traceId}/a.json`]: '',
      [`events/project/observation/${canary.generationId}/a.json`]: '',
      [`events/project/score/${canary.scoreId}/a.json`]: '',
      [`${minute}/00/json.json`]: `[{"traceId":"${traceId}"}]`,
      [`${minute}/01/protobuf.json`]: `[{"traceId":${bytes}}]`,
    });
    expect(await objectsBroom(bucket, 'events/').sweep([canary])).toBe(0);
    expect(bucket.keys()).toEqual(Object.keys(others));
  });

  it('counts what stays', async () => {
    const bucket = bucketOf({ [`project/trace/${traceId}/a.json`]: '' });
    const stuck = { ...bucket, remove: () => Promise.resolve() };
    expect(await objectsBroom(stuck, '').sweep([canary])).toBe(1);
  });

  it('finds the folders that begin with the mark', async () => {
    const bucket = bucketOf({ [`project/trace/${traceId}/a.json`]: '', 'project/trace/other/a.json': '' });
    expect(await objectsBroom(bucket, '').find?.('project')).toEqual([traceId]);
  });
});
