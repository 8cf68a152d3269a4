import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { readCapture } from './captures.ts';
import { labKey, openLab, type Lab, type LabProgram } from './lab.ts';

interface Listing {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly meta: Readonly<Record<string, unknown>>;
}

const recorded = readCapture('pipeline.json', '4.16.0') as {
  readonly steps: readonly {
    readonly step: string;
    readonly http?: { readonly path: string; readonly body: string };
    readonly clickhouse?: { readonly events_full: readonly Record<string, unknown>[] };
  }[];
};
const processed = recorded.steps.find(({ step }) => step === 'after the worker ran');

let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab('4.16.0');
  web = lab.start(langfuseWebServer);
  await eventually(async () => await fetch(`${web.url}/api/public/ready`));
  await store('events_full', processed?.clickhouse?.events_full ?? []);
  await store('events_full', [1, 2, 3].map(otherSpan));
  await store('scores', [
    score('s1', { value: 0.5, data_type: 'NUMERIC' }),
    score('s2', { value: 1, data_type: 'BOOLEAN', observation_id: 'o1' }),
    score('s3', {
      value: 0,
      data_type: 'CATEGORICAL',
      string_value: 'good',
      trace_id: null,
      session_id: 'z',
    }),
  ]);
}, 60_000);
afterAll(async () => await lab.close());

/** Columns that ClickHouse reckons itself. */
const reckoned = /_length$|^calculated_|^total_cost$/;

async function store(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const given = rows.map((row) =>
    JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !reckoned.test(name)))),
  );
  const settings = "SETTINGS date_time_input_format = 'best_effort'";
  await lab.clickhouse(`INSERT INTO ${table} ${settings} FORMAT JSONEachRow\n${given.join('\n')}`);
}

const otherSpan = (second: number): Record<string, unknown> => ({
  project_id: 'lab-project',
  trace_id: 'other',
  span_id: `span-${second}`,
  parent_span_id: second === 1 ? '' : 'span-1',
  start_time: `2026-11-19 10:00:0${second}.000000`,
  name: second === 1 ? 'root' : 'step',
  type: 'SPAN',
  level: 'DEFAULT',
  user_id: 'u2',
  input: 'x'.repeat(300),
  metadata_names: ['note'],
  metadata_values: ['y'.repeat(300)],
  event_ts: '2026-11-19 10:00:05.000000',
  is_deleted: 0,
});

const score = (id: string, more: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  id,
  project_id: 'lab-project',
  trace_id: 't1',
  name: 'quality',
  source: 'API',
  timestamp: `2026-11-19 10:00:0${id.slice(1)}.000`,
  event_ts: '2026-11-19 10:00:05.000',
  is_deleted: 0,
  ...more,
});

async function get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${web.url}${path}`, { headers: labKey });
  return { status: answer.status, body: await answer.json() };
}

async function list(path: string): Promise<Listing> {
  const { status, body } = await get(path);
  expect(status).toBe(200);
  return body as Listing;
}

const ids = ({ data }: Listing): unknown[] => data.map(({ id }) => id);

describe('GET /api/public/v2/observations', () => {
  it('shows the captured rows as captured', async () => {
    const answer = await get(processed?.http?.path ?? '');
    expect(answer).toEqual({ status: 200, body: JSON.parse(processed?.http?.body ?? '') });
  });

  it('goes on from a cursor', async () => {
    const path = '/api/public/v2/observations?traceId=other&limit=2';
    const first = await list(path);
    expect(ids(first)).toEqual(['span-3', 'span-2']);
    const next = await list(`${path}&cursor=${encodeURIComponent(String(first.meta['cursor']))}`);
    expect([ids(next), next.meta]).toEqual([['span-1'], {}]);
  });

  it.each([
    ['userId=u2&isRootObservation=true', ['span-1']],
    ['traceId=other&name=step&limit=1', ['span-3']],
    ['parentObservationId=span-1&toStartTime=2026-11-19T10:00:03Z', ['span-2']],
    ['fromStartTime=2026-11-20T00:00:00Z&type=GENERATION', ['b7ad6b7169203378']],
    ['environment=nowhere', []],
  ])('narrows by %s', async (query, expected) => {
    expect(ids(await list(`/api/public/v2/observations?${query}`))).toEqual(expected);
  });

  it.each([
    [
      [{ column: 'sessionId', type: 'stringOptions', operator: 'any of', value: ['s1', 'x'] }],
      ['b7ad6b7169203377'],
    ],
    [
      [{ column: 'ingestionApiKey', type: 'string', operator: '=', value: 'pk-lf-lab' }],
      ['b7ad6b7169203378', 'b7ad6b7169203377'],
    ],
    [
      [
        { column: 'startTime', type: 'datetime', operator: '<', value: '2026-11-19T10:00:03Z' },
        { column: 'isRootObservation', type: 'boolean', operator: '=', value: false },
      ],
      ['span-2'],
    ],
    [[{ column: 'tags', type: 'arrayOptions', operator: 'all of', value: ['t'] }], ['b7ad6b7169203377']],
    [[{ column: 'totalCost', type: 'number', operator: '>', value: 0 }], ['b7ad6b7169203378']],
  ])('takes the JSON filter %j', async (filter, expected) => {
    const text = encodeURIComponent(JSON.stringify(filter));
    expect(ids(await list(`/api/public/v2/observations?filter=${text}`))).toEqual(expected);
  });

  it('cuts metadata unless it is asked for in full; input is always whole', async () => {
    const path = '/api/public/v2/observations?traceId=other&limit=1&fields=metadata';
    const lengthOf = async (query: string): Promise<number> => {
      const [span] = (await list(`${path}${query}`)).data;
      const { note } = (span?.['metadata'] ?? {}) as { readonly note?: string };
      return note?.length ?? 0;
    };
    expect(await lengthOf('')).toBe(200);
    expect(await lengthOf('&expandMetadata=note')).toBe(300);
    const [span] = (await list(`${path},io`)).data;
    expect(String(span?.['input'])).toHaveLength(300);
  });

  it('tells prices with the model alone', async () => {
    await lab.sql(
      `INSERT INTO models (id, project_id, model_name, match_pattern) VALUES ('b9854a5c92dc496b997d99d20', NULL, 'gpt-4o', 'x')`,
    );
    await lab.sql(
      `INSERT INTO pricing_tiers (id, model_id, name, priority, is_default, conditions)
       VALUES ('tier', 'b9854a5c92dc496b997d99d20', 'Standard', 0, true, '[]')`,
    );
    await lab.sql(
      `INSERT INTO prices (id, model_id, usage_type, price, pricing_tier_id)
       VALUES ('p1', 'b9854a5c92dc496b997d99d20', 'input', 0.0000025, 'tier')`,
    );
    const [span] = (await list('/api/public/v2/observations?type=GENERATION&fields=model')).data;
    expect(span).toMatchObject({
      model: 'gpt-4o',
      modelId: 'b9854a5c92dc496b997d99d20',
      inputPrice: '0.0000025',
      outputPrice: null,
      modelParameters: {},
    });
  });

  it.each([
    ['limit=1001', 'Invalid request data'],
    ['limit=-1', 'Invalid request data'],
    ['parseIoAsJson=true', 'Invalid request data'],
    ['type=NOPE', 'Invalid request data'],
    ['fromStartTime=yesterday', 'Invalid request data'],
    ['cursor=nonsense', 'Invalid cursor format'],
    ['filter=nonsense', 'Invalid JSON in filter parameter'],
    [
      'filter=[{"column":"x","type":"string","operator":"=","value":"y"}]',
      'Column x does not match a UI / CH table mapping.',
    ],
  ])('refuses %s', async (query, message) => {
    expect(await get(`/api/public/v2/observations?${query}`)).toMatchObject({
      status: 400,
      body: { message },
    });
  });
});

describe('GET /api/public/v2/metrics', () => {
  const query = (more: object): string =>
    `/api/public/v2/metrics?query=${encodeURIComponent(
      JSON.stringify({
        view: 'observations',
        metrics: [{ measure: 'count', aggregation: 'count' }],
        fromTimestamp: '2026-11-01T00:00:00Z',
        toTimestamp: '2026-12-01T00:00:00Z',
        ...more,
      }),
    )}`;

  it('counts and sums by dimension', async () => {
    const metrics = [
      { measure: 'count', aggregation: 'count' },
      { measure: 'totalTokens', aggregation: 'sum' },
      { measure: 'totalCost', aggregation: 'sum' },
      { measure: 'traceId', aggregation: 'uniq' },
    ];
    const orderBy = [{ field: 'count_count', direction: 'desc' }];
    const { data } = await list(query({ metrics, dimensions: [{ field: 'type' }], orderBy }));
    expect(data).toEqual([
      { type: 'SPAN', count_count: 4, sum_totalTokens: 0, sum_totalCost: 0, uniq_traceId: 2 },
      { type: 'GENERATION', count_count: 1, sum_totalTokens: 15, sum_totalCost: 0.000075, uniq_traceId: 1 },
    ]);
  });

  it('makes a series of time with a row for each step', async () => {
    const between = { fromTimestamp: '2026-11-18T00:00:00Z', toTimestamp: '2026-11-21T00:00:00Z' };
    const { data } = await list(query({ ...between, timeDimension: { granularity: 'day' } }));
    expect(data).toEqual([
      { time_dimension: '2026-11-18', count_count: 0 },
      { time_dimension: '2026-11-19', count_count: 3 },
      { time_dimension: '2026-11-20', count_count: 2 },
    ]);
  });

  it('counts what a filter leaves', async () => {
    const filters = [{ column: 'name', type: 'string', operator: 'starts with', value: 'st' }];
    const { data } = await list(query({ filters }));
    expect(data).toEqual([{ count_count: 2 }]);
  });

  it('knows the numeric scores', async () => {
    const metrics = [{ measure: 'value', aggregation: 'avg' }];
    const { data } = await list(query({ view: 'scores-numeric', metrics, dimensions: [{ field: 'name' }] }));
    expect(data).toEqual([{ name: 'quality', avg_value: 0.75 }]);
  });

  it.each([
    [{ dimensions: [{ field: 'nope' }] }, /^Invalid dimension nope/],
    [{ metrics: [{ measure: 'nope', aggregation: 'sum' }] }, /^Invalid metric nope/],
    [{ metrics: [{ measure: 'traceId', aggregation: 'sum' }] }, /^Aggregation "sum" is not valid/],
    [{ dimensions: [{ field: 'userId' }] }, /^High cardinality dimension\(s\) 'userId' require both/],
    [{ view: 'traces' }, /^Invalid request data$/],
    [{ fromTimestamp: undefined }, /^Invalid request data$/],
  ])('refuses %j', async (more, message) => {
    const { status, body } = await get(query(more));
    expect(status).toBe(400);
    expect((body as { message: string }).message).toMatch(message);
  });
});

describe('GET /api/public/v3/scores', () => {
  it('shows each kind of value, newest first, page by page', async () => {
    const first = await list('/api/public/v3/scores?limit=2&fields=subject');
    expect(first.data).toMatchObject([
      { id: 's3', value: 'good', subject: { kind: 'session', id: 'z' } },
      { id: 's2', value: true, subject: { kind: 'observation', id: 'o1', traceId: 't1' } },
    ]);
    const cursor = encodeURIComponent(String(first.meta['cursor']));
    const next = await list(`/api/public/v3/scores?limit=2&cursor=${cursor}`);
    expect(next).toMatchObject({ data: [{ id: 's1', value: 0.5 }], meta: { limit: 2 } });
    expect(next.data[0]).not.toHaveProperty('subject');
  });

  it.each([
    ['dataType=NUMERIC,BOOLEAN&traceId=t1', ['s2', 's1']],
    ['sessionId=z', ['s3']],
    ['id=s1,s3', ['s3', 's1']],
  ])('narrows by %s', async (query, expected) => {
    expect(ids(await list(`/api/public/v3/scores?${query}`))).toEqual(expected);
  });

  it('refuses a parameter it does not know', async () => {
    expect(await get('/api/public/v3/scores?page=2')).toMatchObject({
      status: 400,
      body: { error: [{ code: 'unrecognized_keys', keys: ['page'] }] },
    });
  });
});

describe('the health of what arrives', () => {
  const path = '/api/public/health?failIfNoRecentEvents=true';

  it('is told from the tables that the mode writes', async () => {
    const unhealthy = (status: string): object => ({ status: 503, body: { status, version: '4.16.0' } });
    expect(await get(path)).toEqual(unhealthy('No events within the last 3 minutes'));
    const now = (await lab.clickhouse('SELECT toString(now64(6)) AS now'))[0]?.['now'];
    await store('events_full', [{ ...otherSpan(1), span_id: 'fresh', start_time: now }]);
    expect(await get(path)).toEqual({ status: 200, body: { status: 'OK', version: '4.16.0' } });
    const dual = lab.start(langfuseWebServer, { LANGFUSE_MIGRATION_V4_WRITE_MODE: 'dual' });
    const answer = await eventually(async () => await fetch(`${dual.url}${path}`));
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'No traces within the last 3 minutes', version: '4.16.0' },
    ]);
    await dual.stop();
  });
});
