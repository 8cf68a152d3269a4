import { afterAll, beforeAll, expect, it } from 'vitest';
import { migratePostgres } from '../../../src/sandbox/schema/apply.ts';
import { labTimeoutMs, openLab2, send, type Lab2 } from './lab.ts';

let lab: Lab2;

beforeAll(async () => {
  lab = await openLab2();
}, labTimeoutMs);
afterAll(async () => await lab.close());

const views = async (): Promise<unknown[]> =>
  await lab.sql(`SELECT viewname FROM pg_views WHERE schemaname = 'public'`);

it('a database that 2 has written to goes on to 3 with its traces, and to 4 without them', async () => {
  const web = await lab.web();
  await send(web, [['trace-create', { id: 't', name: 'old', sessionId: 's' }]]);
  expect(await views()).toHaveLength(2);
  await web.stop();
  await migratePostgres(lab.sql, '3.199.0');
  expect(await views()).toEqual([]);
  expect(await lab.sql('SELECT name FROM traces')).toEqual([{ name: 'old' }]);
  await migratePostgres(lab.sql, '4.16.0');
  expect(await lab.sql(`SELECT to_regclass('public.traces') AS traces`)).toEqual([{ traces: null }]);
  expect(await lab.sql('SELECT id, environment FROM trace_sessions')).toEqual([
    { id: 's', environment: 'default' },
  ]);
});
