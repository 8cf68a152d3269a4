import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { openLab, type Captured, type Lab, type LabProgram } from './lab.ts';
import { startWorker } from './worker-runs.ts';

let lab: Lab;
let running: LabProgram[] = [];

async function openWithProject(release: Captured): Promise<void> {
  lab = await openLab(release);
  await lab.sql(`INSERT INTO organizations (id, name) VALUES ('o', 'O')`);
  await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('p', 'P', 'o')`);
}

afterEach(async () => {
  await Promise.all(running.map(async (program) => await program.stop()));
  running = [];
});

function worker(more: Readonly<Record<string, string>> = {}): LabProgram {
  const started = startWorker(lab, more);
  running.push(started);
  return started;
}

/** Rows as an upgrade leaves them: nothing done yet. */
async function unfinished(where: string): Promise<void> {
  await lab.sql(`UPDATE background_migrations SET finished_at = NULL WHERE ${where}`);
}

const rowsOf = async (where: string): Promise<unknown> =>
  await lab.sql(
    `SELECT finished_at IS NOT NULL AS finished, failed_reason FROM background_migrations WHERE ${where} ORDER BY name`,
  );

const isDone = { finished: true, failed_reason: null };

describe('background migrations of 3', () => {
  beforeAll(async () => await openWithProject('3.199.0'));
  afterAll(async () => await lab.close());

  it('copy what Langfuse 2 kept in Postgres', async () => {
    await lab.sql(`INSERT INTO traces (id, project_id, timestamp, name, metadata, input, tags)
      VALUES ('t', 'p', '2024-05-01 10:00:00', 'old', '{"team": "risk"}', '{"a": 1}', ARRAY['x'])`);
    await lab.sql(`INSERT INTO observations (id, trace_id, project_id, type, start_time, model, prompt_tokens,
      completion_tokens, total_tokens, calculated_total_cost, "modelParameters")
      VALUES ('o', 't', 'p', 'GENERATION', '2024-05-01 10:00:01', 'gpt-4', 3, 4, 7, 0.25, '{"n": 1}')`);
    await lab.sql(`INSERT INTO scores (id, trace_id, project_id, name, value, source)
      VALUES ('s', 't', 'p', 'quality', 0.5, 'API')`);
    await unfinished(`name LIKE '20241024_17%'`);
    worker();
    await eventually(async () =>
      expect(await rowsOf(`name LIKE '20241024_17%'`)).toEqual([isDone, isDone, isDone]),
    );
    expect(await lab.clickhouse('SELECT name, metadata, input, tags, timestamp FROM traces FINAL')).toEqual([
      {
        name: 'old',
        metadata: { team: 'risk' },
        input: '{"a":1}',
        tags: ['x'],
        timestamp: '2024-05-01 10:00:00.000',
      },
    ]);
    expect(
      await lab.clickhouse(
        'SELECT provided_model_name, usage_details, cost_details, total_cost, model_parameters FROM observations FINAL',
      ),
    ).toEqual([
      {
        provided_model_name: 'gpt-4',
        usage_details: { input: 3, output: 4, total: 7 },
        cost_details: { total: 0.25 },
        total_cost: 0.25,
        model_parameters: '{"n": 1}',
      },
    ]);
    expect(await lab.clickhouse('SELECT id, value, data_type FROM scores FINAL')).toEqual([
      { id: 's', value: 0.5, data_type: 'NUMERIC' },
    ]);
  });
});

describe('background migrations of 4', () => {
  beforeAll(async () => await openWithProject('4.16.0'));
  afterAll(async () => await lab.close());

  it('bring what was in the tables of 3 into those of 4, and leave dormant what no one asked for', async () => {
    await lab.clickhouse(`INSERT INTO traces (id, project_id, timestamp, name, user_id, metadata, event_ts)
      VALUES ('t', 'p', '2026-01-01 10:00:00', 'checkout', 'u1', map('team', 'risk'), '2026-01-01 10:00:00')`);
    await lab.clickhouse(`INSERT INTO observations (id, trace_id, project_id, type, start_time, name, event_ts)
      VALUES ('o', 't', 'p', 'GENERATION', '2026-01-01 10:00:01', 'llm', '2026-01-01 10:00:01')`);
    await unfinished(`name LIKE '20260701_v4_step_%'`);
    const { log } = worker();
    await eventually(async () =>
      expect(log.join('\n')).toContain('[Background Migration] No background migrations to run'),
    );
    expect(
      await lab.clickhouse(
        `SELECT span_id, parent_span_id, trace_id, name, type, trace_name, user_id, metadata_names, source
         FROM events_full FINAL ORDER BY start_time`,
      ),
    ).toEqual([
      {
        span_id: 't-t',
        parent_span_id: '',
        trace_id: 't',
        name: 'checkout',
        type: 'SPAN',
        trace_name: 'checkout',
        user_id: 'u1',
        metadata_names: ['team'],
        source: 'ingestion-api-backfill',
      },
      {
        span_id: 'o',
        parent_span_id: 't-t',
        trace_id: 't',
        name: 'llm',
        type: 'GENERATION',
        trace_name: 'checkout',
        user_id: 'u1',
        metadata_names: [],
        source: 'ingestion-api-backfill',
      },
    ]);
    await eventually(async () =>
      expect(await lab.clickhouse('SELECT count() AS c FROM events_core FINAL')).toEqual([{ c: 2 }]),
    );
    expect(await rowsOf(`name LIKE '20260701_v4_step_%'`)).toEqual([
      ...Array.from({ length: 4 }, () => isDone),
      { finished: false, failed_reason: null },
    ]);
  });

  it('run behind their gate, and say why one failed', async () => {
    const gate = 'LANGFUSE_BACKGROUND_MIGRATION_V4_DROP_PID_TID_SORTING_TABLES';
    worker({ [gate]: 'true' });
    await eventually(async () => expect(await rowsOf(`args->>'envGate' = '${gate}'`)).toEqual([isDone]));
    await lab.clickhouse('DROP TABLE events_core_mv');
    await unfinished(`name LIKE '20260701_v4_step_1%'`);
    const { log } = worker({ PORT: '13031' });
    await eventually(async () =>
      expect(await rowsOf(`name LIKE '20260701_v4_step_1%'`)).toEqual([
        { finished: false, failed_reason: 'ClickHouse events_core_mv table does not exist' },
      ]),
    );
    expect(log.join('\n')).toContain('ClickHouse events_core_mv table does not exist. Retrying in 10s...');
  });

  it('leave a row alone that another worker has just locked', async () => {
    await lab.sql(
      `UPDATE background_migrations SET failed_at = NULL, failed_reason = NULL, finished_at = now()`,
    );
    await lab.sql(
      `UPDATE background_migrations SET finished_at = NULL, locked_at = now() WHERE name LIKE '20250102%'`,
    );
    const { log } = worker();
    await eventually(async () => expect(log.join('\n')).toContain('No background migrations to run'));
    expect(await rowsOf(`name LIKE '20250102%'`)).toEqual([{ finished: false, failed_reason: null }]);
  });
});
