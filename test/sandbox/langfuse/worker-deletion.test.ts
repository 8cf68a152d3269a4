import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { bucket, withQueue } from './deliver.ts';
import { openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';
import { startWorker } from './worker-runs.ts';

let lab: Lab;
let running: LabProgram[] = [];

beforeAll(async () => {
  lab = await openLab();
  await lab.sql(`INSERT INTO organizations (id, name) VALUES ('lab-org', 'Lab')`);
  await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('lab-project', 'production', 'lab-org')`);
}, 60_000);
afterEach(async () => {
  await Promise.all(running.map(async (program) => await program.stop()));
  running = [];
  await lab.redis.flushall();
  await lab.sql('TRUNCATE media, trace_media, pending_deletions');
  await bucket(lab).removeObjects(
    'langfuse',
    (await storedObjects(lab, '')).map(({ key }) => key),
  );
});
afterAll(async () => await lab.close());

function worker(more: Readonly<Record<string, string>> = {}): LabProgram {
  const started = startWorker(lab, more);
  running.push(started);
  return started;
}

async function mediaOf(id: string, traces: readonly string[]): Promise<void> {
  const path = `media/lab-project/${id}.png`;
  await bucket(lab).putObject('langfuse', path, id);
  await lab.sql(
    `INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
     VALUES ($1, $2, 'lab-project', $3, 'langfuse', 'image/png', 1)`,
    [id, id.padEnd(44, 'x'), path],
  );
  for (const trace of traces)
    await lab.sql(
      `INSERT INTO trace_media (id, project_id, media_id, trace_id, field) VALUES ($1, 'lab-project', $2, $3, 'input')`,
      [`${id}-${trace}`, id, trace],
    );
}

it('deletes with a trace the media that no other trace uses, once for each request', async () => {
  await mediaOf('own', ['gone']);
  await mediaOf('shared', ['gone', 'kept']);
  await lab.sql(
    `INSERT INTO pending_deletions (id, project_id, object, object_id, is_deleted)
     VALUES ('d1', 'lab-project', 'trace', 'gone', false), ('d2', 'lab-project', 'trace', 'earlier', true)`,
  );
  const { log } = worker();
  const payload = { projectId: 'lab-project', traceIds: ['gone', 'earlier'] };
  await withQueue(lab, 'trace-delete', async (queue) => await queue.add('trace-delete', { payload }));
  await eventually(async () =>
    expect(await lab.sql('SELECT is_deleted FROM pending_deletions')).toEqual([
      { is_deleted: true },
      { is_deleted: true },
    ]),
  );
  expect(log.join('\n')).toContain('Deleting traces ["gone"] in project lab-project from Clickhouse');
  expect((await storedObjects(lab, 'media/')).map(({ key }) => key)).toEqual([
    'media/lab-project/shared.png',
  ]);
  expect(await lab.sql('SELECT id FROM media')).toEqual([{ id: 'shared' }]);
  expect(await lab.sql('SELECT trace_id FROM trace_media')).toEqual([{ trace_id: 'kept' }]);
});

it('leaves a project alone whose deletions are switched off', async () => {
  await mediaOf('own', ['gone']);
  await lab.sql(
    `INSERT INTO pending_deletions (id, project_id, object, object_id) VALUES ('d1', 'lab-project', 'trace', 'gone')`,
  );
  const { log } = worker({ LANGFUSE_DELETE_SKIP_PROJECT_IDS: 'other,lab-project' });
  const payload = { projectId: 'lab-project', traceIds: ['gone'] };
  await withQueue(lab, 'trace-delete', async (queue) => await queue.add('trace-delete', { payload }));
  await eventually(async () =>
    expect(log.join('\n')).toContain('Skipping trace deletion for project lab-project (in skip list)'),
  );
  expect(await lab.sql('SELECT is_deleted FROM pending_deletions')).toEqual([{ is_deleted: false }]);
  expect(await storedObjects(lab, 'media/')).toHaveLength(1);
});

it('deletes once a day what is older than a project keeps', async () => {
  await lab.sql(`UPDATE projects SET retention_days = 30`);
  for (const [age, days] of Object.entries({ old: 31, young: 29 })) {
    const time = new Date(Date.now() - days * 86_400_000).toISOString();
    const at = time.replace('T', ' ').replace('Z', '');
    await mediaOf(age, [age]);
    await lab.sql('UPDATE media SET created_at = $2 WHERE id = $1', [age, time]);
    const path = `events/lab-project/trace/${age}/e.json`;
    await bucket(lab).putObject('langfuse', path, '[]');
    await lab.clickhouse(
      `INSERT INTO traces (id, project_id, timestamp) VALUES ('${age}', 'lab-project', '${at}')`,
    );
    await lab.clickhouse(
      `INSERT INTO blob_storage_file_log (id, project_id, entity_type, entity_id, event_id, bucket_name, bucket_path,
       created_at, event_ts) VALUES ('${age}', 'lab-project', 'trace', '${age}', 'e', 'langfuse', '${path}', '${at}', '${at}')`,
    );
  }
  const { log } = worker();
  await withQueue(lab, 'data-retention-queue', async (queue) => {
    const job = await eventually(async () => {
      const [first] = await queue.getDelayed();
      if (first === undefined) throw new Error('nothing is scheduled');
      return first;
    });
    expect(await queue.getJobSchedulersCount()).toBe(1);
    // It may have come due by itself in the meantime.
    await job.promote().catch(() => undefined);
  });
  const what = 'ClickHouse and S3 data older than 30 days for project lab-project';
  await eventually(async () => expect(log.join('\n')).toContain(`[Data Retention] Deleted ${what}`));
  expect((await storedObjects(lab, '')).map(({ key }) => key)).toEqual([
    'events/lab-project/trace/young/e.json',
    'media/lab-project/young.png',
  ]);
  expect(await lab.clickhouse('SELECT id FROM traces')).toEqual([{ id: 'young' }]);
  expect(await lab.clickhouse('SELECT id FROM blob_storage_file_log FINAL')).toEqual([{ id: 'young' }]);
  expect(await lab.sql('SELECT id FROM media')).toEqual([{ id: 'young' }]);
});
