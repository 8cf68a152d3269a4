import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, labTimeoutMs, openLab2, send, type Lab2, type Web2Run } from './lab.ts';

let lab: Lab2;
let web: Web2Run;

beforeAll(async () => {
  lab = await openLab2();
  web = await lab.web();
}, labTimeoutMs);
afterAll(async () => await lab.close());

const allTaken = (count: number): unknown => [
  207,
  { successes: Array.from({ length: count }, (_, index) => ({ id: `e${index}`, status: 201 })), errors: [] },
];

const startTime = '2026-11-20T10:00:00.000Z';
const endTime = '2026-11-20T10:00:02.500Z';

describe('a batch is in Postgres when its 207 comes', () => {
  it('trace, session, span, generation and scores become rows', async () => {
    const generation = { model: 'gpt-4o', usage: { promptTokens: 10, completionTokens: 5 }, output: ['hi'] };
    const answer = await send(web, [
      [
        'trace-create',
        { id: 't1', name: 'chat', sessionId: 's1', userId: 'u', tags: ['b', 'a'], input: { q: 1 } },
      ],
      ['span-create', { id: 'o1', traceId: 't1', name: 'retrieval', startTime, endTime }],
      ['generation-create', { id: 'o2', traceId: 't1', parentObservationId: 'o1', startTime, ...generation }],
      ['event-create', { id: 'o3', traceId: 't1', level: 'WARNING', statusMessage: 'm' }],
      ['score-create', { id: 'c1', traceId: 't1', name: 'quality', value: 0.5 }],
      ['score-create', { id: 'c2', traceId: 't1', name: 'label', value: 'good' }],
      ['score-create', { id: 'c3', traceId: 't1', name: 'fine', value: 1, dataType: 'BOOLEAN' }],
    ]);
    expect(answer).toEqual(allTaken(7));
    expect(
      await lab.sql(`SELECT name, session_id, user_id, tags, input, project_id FROM traces WHERE id = 't1'`),
    ).toEqual([
      {
        name: 'chat',
        session_id: 's1',
        user_id: 'u',
        tags: ['a', 'b'],
        input: { q: 1 },
        project_id: 'lab-project',
      },
    ]);
    expect(await lab.sql(`SELECT id, project_id FROM trace_sessions`)).toEqual([
      { id: 's1', project_id: 'lab-project' },
    ]);
    const observations = await lab.sql(
      `SELECT id, type, level, prompt_tokens, completion_tokens, total_tokens, unit, internal_model,
         calculated_total_cost::float8 AS cost FROM observations WHERE trace_id = 't1' ORDER BY id`,
    );
    const nothing = {
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
      unit: null,
      internal_model: null,
      cost: null,
    };
    expect(observations).toEqual([
      { id: 'o1', type: 'SPAN', level: 'DEFAULT', ...nothing },
      {
        id: 'o2',
        type: 'GENERATION',
        level: 'DEFAULT',
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        unit: 'TOKENS',
        internal_model: 'gpt-4o',
        cost: 0.000125,
      },
      { id: 'o3', type: 'EVENT', level: 'WARNING', ...nothing },
    ]);
    expect(
      await lab.sql('SELECT id, value, string_value, data_type, source FROM scores ORDER BY id'),
    ).toEqual([
      { id: 'c1', value: 0.5, string_value: null, data_type: 'NUMERIC', source: 'API' },
      { id: 'c2', value: null, string_value: 'good', data_type: 'CATEGORICAL', source: 'API' },
      { id: 'c3', value: 1, string_value: 'True', data_type: 'BOOLEAN', source: 'API' },
    ]);
  });

  it('later events of the same object add up: metadata and tags merge, the rest is replaced', async () => {
    await send(web, [
      ['trace-create', { id: 'm1', name: 'one', tags: ['x'], metadata: { a: 1, deep: { b: 2 } } }],
    ]);
    await send(web, [
      ['trace-create', { id: 'm1', output: 'done', tags: ['a'], metadata: { deep: { c: 3 } } }],
    ]);
    expect(await lab.sql(`SELECT name, output, tags, metadata FROM traces WHERE id = 'm1'`)).toEqual([
      { name: 'one', output: 'done', tags: ['a', 'x'], metadata: { a: 1, deep: { b: 2, c: 3 } } },
    ]);
  });

  it('updates come after creates, whatever their order in the batch', async () => {
    await send(web, [
      ['generation-update', { id: 'u1', endTime, usage: { input: 2, output: 3, unit: 'TOKENS' } }],
      ['generation-create', { id: 'u1', traceId: 'tu', startTime, model: 'gpt-4o' }],
    ]);
    const [row] = await lab.sql(
      `SELECT trace_id, end_time IS NULL AS open, total_tokens, calculated_input_cost::float8 AS cost
       FROM observations WHERE id = 'u1'`,
    );
    expect(row).toEqual({ trace_id: 'tu', open: false, total_tokens: 5, cost: 0.00001 });
  });

  it('costs that are sent win over prices', async () => {
    await send(web, [
      [
        'generation-create',
        { id: 'p1', traceId: 'tp', model: 'gpt-4o', usage: { input: 1, inputCost: 0.2, outputCost: 0.1 } },
      ],
    ]);
    const [row] = await lab.sql(
      `SELECT input_cost::float8 AS sent, calculated_total_cost::float8 AS total FROM observations WHERE id = 'p1'`,
    );
    expect(row).toEqual({ sent: 0.2, total: 0.3 });
  });

  it('an observation without a trace gets a trace of its own id', async () => {
    await send(web, [['span-create', { id: 'alone', name: 'n', startTime }]]);
    expect(await lab.sql(`SELECT id, name FROM traces WHERE id = 'alone'`)).toEqual([
      { id: 'alone', name: 'n' },
    ]);
    expect(await lab.sql(`SELECT trace_id FROM observations WHERE id = 'alone'`)).toEqual([
      { trace_id: 'alone' },
    ]);
  });

  it('drops NUL characters, which jsonb cannot hold', async () => {
    await send(web, [['trace-create', { id: 'nul', name: 'a\u0000b', input: { k: ['\u0000'] } }]]);
    expect(await lab.sql(`SELECT name, input FROM traces WHERE id = 'nul'`)).toEqual([
      { name: 'ab', input: { k: [''] } },
    ]);
  });

  it('takes what langfuse-js 3.39 sends, and drops the fields that came after 2.95', async () => {
    const capture = JSON.parse(
      readFileSync('test/fixtures/captures/sdk/langfuse-js-3.39.2-ingestion.json', 'utf8'),
    ) as { requests: { bodyJson: unknown }[] };
    const body = JSON.stringify(capture.requests[0]?.bodyJson);
    const [status, result] = await ask(`${web.url}/api/public/ingestion`, { method: 'POST', body });
    expect([status, (result as { errors: unknown[] }).errors]).toEqual([207, []]);
    const [, trace] = await ask(`${web.url}/api/public/traces/63937739-c512-4b74-b78f-3fbf39688216`);
    expect(trace).toMatchObject({ name: 'chat', release: 'r1', metadata: { a: 1 } });
    const { observations } = trace as { observations: { name: string }[] };
    // costDetails say 0.001, but only `usage` was known
    expect(observations.find(({ name }) => name === 'llm')).toMatchObject({
      output: 'hello',
      totalTokens: 15,
      calculatedTotalCost: 0.000125,
    });
    expect(trace).not.toHaveProperty('environment');
  });
});

describe('what is refused, event by event', () => {
  const issue = (error: unknown): unknown => JSON.parse(String(error)) as unknown;

  it.each([
    ['an unknown type', 'nope', {}, { code: 'invalid_union_discriminator', path: ['type'] }],
    ['a type of version 3', 'tool-create', { id: 'x' }, { code: 'invalid_union_discriminator' }],
    [
      'no id',
      'span-create',
      {},
      { code: 'invalid_type', expected: 'string', message: 'Required', path: ['body', 'id'] },
    ],
    [
      'a number as name',
      'trace-create',
      { name: 7 },
      { message: 'Expected string, received number', path: ['body', 'name'] },
    ],
    [
      'no time',
      'span-create',
      { id: 'x', startTime: 'now' },
      { message: 'Invalid datetime', path: ['body', 'startTime'] },
    ],
    [
      'another level',
      'span-create',
      { id: 'x', level: 'LOUD' },
      { code: 'invalid_enum_value', path: ['body', 'level'] },
    ],
    [
      'half a token',
      'generation-create',
      { id: 'x', usage: { input: 0.5 } },
      { message: 'Expected integer, received float' },
    ],
    [
      'a prompt without version',
      'generation-create',
      { id: 'x', promptName: 'p' },
      { code: 'custom', path: ['body'] },
    ],
    [
      'a score without trace',
      'score-create',
      { name: 'n', value: 1 },
      { message: 'Required', path: ['body', 'traceId'] },
    ],
    [
      'a score of 2',
      'score-create',
      { name: 'n', traceId: 't', value: 2, dataType: 'BOOLEAN' },
      { path: ['body', 'value'] },
    ],
    [
      'a numeric text',
      'score-create',
      { name: 'n', traceId: 't', value: '2', dataType: 'NUMERIC' },
      { expected: 'number' },
    ],
  ])('%s', async (_what, type, body, expected) => {
    const [status, result] = await send(web, [
      ['trace-create', { id: 'beside' }],
      [type, body],
    ]);
    const { successes, errors } = result as { successes: unknown[]; errors: Record<string, unknown>[] };
    expect([status, successes]).toEqual([207, [{ id: 'e0', status: 201 }]]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ id: 'e1', status: 400, message: 'Invalid request data' });
    expect(issue(errors[0]?.['error'])).toMatchObject([expected]);
  });

  it('an update of what is not there, a strange score config: 404', async () => {
    const [, result] = await send(web, [
      ['observation-update', { id: 'nowhere', type: 'SPAN' }],
      ['score-create', { traceId: 't', name: 'n', value: 1, configId: 'nowhere' }],
    ]);
    const missing = { status: 404, message: 'Resource not found' };
    const { errors } = result as { errors: { id: string }[] };
    expect([...errors].sort((left, right) => left.id.localeCompare(right.id))).toEqual([
      { ...missing, id: 'e0', error: 'Observation with id e0 not found' },
      {
        ...missing,
        id: 'e1',
        error: 'The configId you provided does not match a valid config in this project',
      },
    ]);
  });

  it('an id of another project: 500 without a reason, and the row stays', async () => {
    await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('other', 'other', 'lab-org')`);
    await lab.sql(`INSERT INTO traces (id, project_id, name) VALUES ('theirs', 'other', 'theirs')`);
    const [, result] = await send(web, [['trace-create', { id: 'theirs', name: 'mine' }]]);
    expect(result).toEqual({
      successes: [],
      errors: [{ id: 'e0', status: 500, error: 'Internal Server Error' }],
    });
    expect(await lab.sql(`SELECT name FROM traces WHERE id = 'theirs'`)).toEqual([{ name: 'theirs' }]);
    expect(web.log.join('\n')).toContain('Error handling event: Access denied for trace creation other');
  });

  it('all but scores, from a public key alone', async () => {
    const [, result] = await send(
      web,
      [
        ['trace-create', { id: 'pub' }],
        ['score-create', { traceId: 'pub', name: 'n', value: 1 }],
      ],
      { authorization: 'Bearer pk-lf-lab' },
    );
    expect(result).toEqual({
      successes: [{ id: 'e1', status: 201 }],
      errors: [{ id: 'e0', status: 401, message: 'Authentication error', error: 'Access Scope Denied' }],
    });
  });
});

describe('what is refused as a whole', () => {
  const wrong = "Invalid credentials. Confirm that you've configured the correct host.";
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it.each([
    ['wrong secret', basic('pk-lf-lab:sk-lf-wrong'), wrong],
    ['unknown key', basic('pk-lf-no:sk-lf-no'), wrong],
    [
      'half a pair',
      basic('pk-lf-lab'),
      "Invalid authorization header. Confirm that you've configured the correct host.",
    ],
    [
      'unknown public key',
      'Bearer pk-lf-no',
      "Invalid public key. Confirm that you've configured the correct host.",
    ],
    ['another scheme', 'Digest x', 'Invalid authorization header'],
  ])('%s: 401', async (_what, authorization, message) => {
    expect(await send(web, [], { authorization })).toEqual([401, { error: 'UnauthorizedError', message }]);
  });

  it('no header: 401, and a line in the log', async () => {
    const answer = await fetch(`${web.url}/api/public/ingestion`, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: 'UnauthorizedError', message: 'No authorization header' },
    ]);
    expect(web.log.some((line) => /^\S+ error \tNo authorization header$/.test(line))).toBe(true);
  });

  it.each([
    ['no batch', '{"events":[]}', 400, { message: 'Invalid request data', errors: ['Required'] }],
    ['a list', '[]', 400, { message: 'Invalid request data', errors: ['Expected object, received array'] }],
  ])('a body with %s', async (_what, body, status, expected) => {
    const answer = await ask(`${web.url}/api/public/ingestion`, { method: 'POST', body });
    expect(answer).toEqual([status, expected]);
  });
});
