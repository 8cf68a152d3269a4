import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { bucket, withQueue } from './deliver.ts';
import { openLab, type Lab } from './lab.ts';
import { storedObjects } from './objects.ts';
import { startWorker } from './worker-runs.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  await lab.sql(`INSERT INTO organizations (id, name) VALUES ('lab-org', 'Lab')`);
  await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('lab-project', 'production', 'lab-org')`);
}, 60_000);
afterAll(async () => await lab.close());

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
  const { log } = startWorker(lab, {});
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
