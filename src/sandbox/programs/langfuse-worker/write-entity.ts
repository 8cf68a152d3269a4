import type { EntityType, IngestionEvent } from '../langfuse/events.ts';
import type { Attribution } from '../langfuse/ingestion.ts';
import type { ClickHouseWriter } from './clickhouse-writer.ts';
import { completed, merged, type EntityPlan, type PartialRow } from './merge.ts';
import { findModel } from './models.ts';
import { observationPlan, priced } from './observation-row.ts';
import { scorePlan } from './score-row.ts';
import { originColumns, stagingRow } from './staging-row.ts';
import { tracePlan } from './trace-row.ts';
import { clickHouseTime } from './values.ts';
import type { Worker } from './worker.ts';

type Written = Exclude<EntityType, 'sdk_log'>;

const tables = { trace: 'traces', observation: 'observations', score: 'scores' } as const;

/** All events of one entity. */
export interface EntityEvents {
  readonly entity: Written;
  readonly projectId: string;
  readonly entityId: string;
  readonly createdAt: Date;
  readonly events: readonly IngestionEvent[];
  readonly attribution: Attribution;
  /** Whether a copy goes to the staging table, and from there to events_full (write mode dual). */
  readonly toStaging: boolean;
}

/**
 * Merges an entity's events with its row in ClickHouse and hands the new row to the writer.
 *
 * @throws when ClickHouse cannot be read: the job is retried, nothing is lost
 */
export async function writeEntity(
  worker: Worker,
  writer: ClickHouseWriter,
  work: EntityEvents,
): Promise<void> {
  const existing = await existingRow(worker, work);
  const now = clickHouseTime(new Date()) ?? '';
  const createdAt = clickHouseTime(new Date(Math.floor(work.createdAt.getTime() / 1000) * 1000)) ?? now;
  const row = merged(planFor(work.entity, work.projectId), existing, work.events);
  const whole = await finished(worker, work, row, now);
  const final = completed(whole, { createdAt, now });
  writer.add(tables[work.entity], { ...final, ...scoreOrigin(worker, work) });
  if (work.toStaging && work.entity !== 'score')
    writer.add('observations_batch_staging', stagingRow(work.entity, final, work));
  if (work.entity === 'trace') await noteTrace(worker, work.projectId, row);
}

/** Scores of 4 keep who sent them; the columns came after 3.199. */
function scoreOrigin({ release }: Worker, { entity, attribution }: EntityEvents): object {
  return entity === 'score' && release.generation === 4 ? originColumns(attribution) : {};
}

function planFor(entity: Written, projectId: string): EntityPlan {
  switch (entity) {
    case 'trace':
      return tracePlan(projectId);
    case 'observation':
      return observationPlan(projectId);
    case 'score':
      return scorePlan(projectId);
  }
}

async function existingRow(worker: Worker, work: EntityEvents): Promise<PartialRow | undefined> {
  const [row] = await worker.clickhouse.select<PartialRow>(
    `SELECT * FROM ${tables[work.entity]} WHERE project_id = {projectId: String} AND id = {id: String}
     ORDER BY event_ts DESC LIMIT 1 BY id, project_id`,
    { projectId: work.projectId, id: work.entityId },
  );
  return row === undefined || row['is_deleted'] === 1 ? undefined : row;
}

async function finished(
  worker: Worker,
  work: EntityEvents,
  row: PartialRow,
  now: string,
): Promise<PartialRow> {
  switch (work.entity) {
    case 'score':
      return row;
    case 'trace':
      return {
        ...row,
        name: row['name'] ?? '',
        public: row['public'] ?? false,
        bookmarked: row['bookmarked'] ?? false,
      };
    case 'observation':
      return await finishedObservation(worker, work.projectId, row, now);
  }
}

async function finishedObservation(
  { postgres }: Worker,
  projectId: string,
  row: PartialRow,
  now: string,
): Promise<PartialRow> {
  const name = row['provided_model_name'];
  const model = typeof name === 'string' ? await findModel(postgres, projectId, name) : undefined;
  const needed = {
    start_time: row['start_time'] ?? now,
    name: row['name'] ?? '',
    trace_id: row['trace_id'] ?? '',
  };
  return priced({ ...row, ...needed }, model);
}

/** Sessions live in Postgres, and the project remembers that it has traces. */
async function noteTrace({ postgres }: Worker, projectId: string, row: PartialRow): Promise<void> {
  await postgres.query('UPDATE projects SET has_traces = true WHERE id = $1 AND NOT has_traces', [projectId]);
  if (typeof row['session_id'] !== 'string' || row['session_id'] === '') return;
  await postgres.query(
    `INSERT INTO trace_sessions (id, project_id, environment) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [row['session_id'], projectId, row['environment'] ?? 'default'],
  );
}
