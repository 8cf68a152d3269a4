/** The raw event in the bucket, named by web's answer or found by what it holds. */
import { describe, expect, it } from 'vitest';
import { encodeSpans } from '../../src/adapters/otlp.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { LangfusePort } from '../../src/ports/langfuse.ts';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import { canaryEnvironment, canaryName, makeCanary } from '../../src/validate/canary.ts';
import { objectHop } from '../../src/validate/hops/object.ts';
import type { Stations } from '../../src/validate/stations.ts';
import { travel } from '../../src/validate/travel.ts';
import { answer } from './_answer.ts';

const at = new Date('2026-11-21T02:00:30Z');
const canary = makeCanary('project', 'otlp-json', at);
const own = 'otel/project/2026/11/21/02/00/own.json';
const files: Readonly<Record<string, string>> = {
  [own]: `[{"traceId":"${canary.traceId}","name":"${canaryName}","environment":"${canaryEnvironment}"}]`,
  [`project/score/${canary.scoreId}/a.json`]: '[]',
};

/** A bucket that holds these, and whose listing of exports may fail. */
function bucket(kept: Readonly<Record<string, string>>, refusal?: LfctlError): ObjectsPort {
  const entry = (key: string) => ({ key, sizeBytes: kept[key]?.length ?? 0, modifiedAt: '' });
  return {
    headBucket: () => Promise.resolve(),
    list: (prefix) =>
      refusal !== undefined && prefix.startsWith('otel/')
        ? Promise.reject(refusal)
        : Promise.resolve(
            Object.keys(kept)
              .filter((key) => key.startsWith(prefix))
              .map(entry),
          ),
    stat: (key) => Promise.resolve(key in kept ? entry(key) : null),
    get: (key) => Promise.resolve(Buffer.from(kept[key] ?? '')),
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    removeAll: () => Promise.resolve(),
    close: () => undefined,
  };
}

const off = { state: 'skipped', detail: 'not configured' } as const;

/** How the object hop ends where the answer to the export does not name its file. */
async function unnamed(objects: ObjectsPort): Promise<{ readonly look: unknown; readonly marks: string[] }> {
  const send: LangfusePort['sendWithKeys'] = ({ path, body }) =>
    Promise.resolve(
      path.includes('otel')
        ? answer(200, '{}')
        : answer(207, {
            successes: (JSON.parse(String(body)) as { batch: { id: string }[] }).batch,
            errors: [],
          }),
    );
  const get: LangfusePort['get'] = () => Promise.resolve(answer(200, { observations: [{}], scores: [{}] }));
  const stations: Stations = {
    postgres: off,
    clickhouse: off,
    redis: off,
    media: off,
    objects: { state: 'open', port: { objects, prefix: '' } },
  };
  const marks: string[] = [];
  const results = await travel(
    {
      langfuse: { get, getWithKeys: get, send, sendWithKeys: send, close: () => undefined },
      encodeSpans,
      era: { version: '3.40.0', generation: 3, mode: 'clickhouse' },
      stations,
      clock: { elapsed: () => 0, pause: () => Promise.resolve() },
      untilMs: 0,
      onProgress: () => undefined,
      onAnswer: (known) => void marks.push(...known),
    },
    canary,
  );
  return { look: results.find(({ hop }) => hop === 'object')?.look, marks };
}

describe('the object hop', () => {
  it('has seen what is there, and failed of what is not', async () => {
    const lookAt = async (kept: Readonly<Record<string, string>>): Promise<unknown> =>
      await objectHop(
        { state: 'open', port: bucket(kept) },
        { keys: [own], prefixes: [`project/score/${canary.scoreId}/`] },
      ).look({ sinceMs: 0, looks: new Map() });
    expect(await lookAt(files)).toEqual({ state: 'seen', detail: '2 objects' });
    expect(await lookAt({ [own]: '' })).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('/score/') as string,
    });
  });

  it('finds the file of an export that the answer does not name', async () => {
    const { look, marks } = await unnamed(bucket(files));
    expect(look).toEqual({ state: 'seen', detail: '2 objects' });
    expect(marks).toContain(own);
  });

  it('does not judge an export by its score alone', async () => {
    const scoreOnly = Object.fromEntries(Object.entries(files).filter(([key]) => key !== own));
    expect((await unnamed(bucket(scoreOnly))).look).toEqual({
      state: 'unknown',
      detail: 'the raw file of the export is neither named nor found',
    });
    const refusal = new LfctlError('OBJECTS_FORBIDDEN', { message: 'may not list' });
    expect((await unnamed(bucket(files, refusal))).look).toEqual({
      state: 'unknown',
      detail: 'may not list',
    });
  });
});
