import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Program, ProgramHost } from '../../program.ts';
import { closeConnections, openConnections, placeOf } from '../langfuse/connections.ts';
import { databaseUrl, databaseUrlMissing } from '../langfuse/database-url.ts';
import type { RedisPlace } from '../langfuse/redis.ts';
import { issuesText, settingsFrom, sharedIssues, type Issue } from '../langfuse/settings.ts';
import { runBackgroundMigrations } from './background-migrations.ts';
import { startConsumers, type Consumers } from './consumers.ts';
import { healthServer } from './health.ts';
import { flagsRefusal, refusalLines } from './flags.ts';
import { startProjectCleaner } from './project-cleaner.ts';
import { logFirst, logStart, startMonitor } from './start.ts';
import { migrationFlagIssues, migrationFlags } from '../langfuse/write-mode.ts';
import type { Worker } from './worker.ts';

/** The langfuse/langfuse-worker image. */
export const langfuseWorkerProgram: Program = async (host) => {
  const settings = settingsFrom(host.env);
  const issues = [...sharedIssues(settings), ...migrationFlagIssues(settings)];
  if (databaseUrl(settings) === undefined) {
    host.print(databaseUrlMissing);
    return 1;
  }
  if (issues.length > 0) return crash(host, issueLines(issues));
  const closing = new AbortController();
  const place = placeOf(host, closing.signal);
  logFirst(place.log);
  const refusal = flagsRefusal(migrationFlags(settings, place.release));
  if (refusal !== undefined) return crash(host, refusalLines(refusal));
  const worker = await openConnections(host, place, closing);
  try {
    await run(worker, place);
    return 0;
  } finally {
    await closeConnections(worker);
  }
};

function crash(host: ProgramHost, lines: readonly string[]): number {
  lines.forEach(host.print);
  return 1;
}

/** An uncaught ZodError, as Node prints it (worker-env-missing capture). */
function issueLines(issues: readonly Issue[]): readonly string[] {
  return [
    '/app/node_modules/zod/v4/core/parse.cjs:39',
    '        throw e;',
    '        ^',
    '',
    ...`ZodError: ${issuesText(issues)}`.split('\n'),
    '    at Object.<anonymous> (/app/packages/shared/dist/src/env.js:466:17)',
    '',
    'Node.js v24.21.0',
  ];
}

async function run(worker: Worker, place: RedisPlace): Promise<void> {
  const { host } = worker;
  await logStart(worker);
  const consumers = await startConsumers(worker, place);
  const server = healthServer(worker, consumers.activity);
  await listen(worker, server);
  startMonitor(worker);
  startProjectCleaner(worker);
  await runBackgroundMigrations(worker);
  // Opened early, as the real one does: a wrong eviction policy is said at the start.
  if (worker.redis !== undefined) await worker.queues.get('ingestion-queue');
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  await shutDown(worker, consumers, server);
}

/** In the words and the order of worker/src/utils/shutdown.ts. */
async function shutDown({ log }: Worker, consumers: Consumers, server: Server): Promise<void> {
  log.info('Received SIGTERM, closing server...');
  log.info('Set sigterm received to true');
  server.close();
  server.closeAllConnections();
  log.info('Server has been closed.');
  await consumers.close();
  log.info('Shutdown complete, exiting process...');
}

async function listen({ settings, host, log }: Worker, server: Server): Promise<void> {
  const port = settings.number('PORT', 3030);
  server.listen(port, host.address);
  await once(server, 'listening');
  log.info(`Listening: http://${settings.text('HOSTNAME') ?? '0.0.0.0'}:${port}`);
}
