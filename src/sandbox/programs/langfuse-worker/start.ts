import { probeVersion } from '../langfuse/clickhouse.ts';
import { messageOf, type Log } from '../langfuse/log.ts';
import { upsertDefaultModels } from './models.ts';
import { consumedQueues } from './queue-names.ts';
import type { Worker } from './worker.ts';

/** The very first line: a cache is made before the variables are read. */
export function logFirst(log: Log): void {
  logCache(log, 'model_match', { enabled: false, ttlMs: 10_000, max: 20_000 });
}

function logCache(log: Log, name: string, options: object): void {
  log.info(`[LocalCache:${name}] Initialized local cache`, options);
}

/** What a worker does before it listens: probe, default rows in Postgres, executors; none of it is fatal. */
export async function logStart(worker: Worker): Promise<void> {
  const { log, release } = worker;
  log.info('[Connection] Log level is set to INFO');
  await probeVersion(worker.clickhouse, log);
  await defaultRows(worker);
  if (release.generation === 4)
    logCache(log, 'otel_org_created_at', { enabled: true, ttlMs: 3_600_000, max: 10_000 });
  log.info('No min project create date set, ClickhouseReadSkipCache will not pre-populate');
  for (const queue of consumedQueues(worker)) log.info(`${queue} executor started: true`);
  if (release.generation === 4) log.info('Starting TraceDeleteBatchActionRunner');
  log.info('Starting MonitorRunner(1/1)');
}

interface Defaults {
  readonly done: string;
  readonly failed: string;
  readonly invocation: string;
  readonly write: (worker: Worker) => Promise<unknown>;
}

const defaults: readonly Defaults[] = [
  {
    done: 'default model prices',
    failed: 'default model prices',
    invocation: '$queryRaw',
    write: async ({ postgres }) => await upsertDefaultModels(postgres),
  },
  {
    done: 'Langfuse evaluators',
    failed: 'managed evaluators',
    invocation: 'evalTemplate.findMany',
    write: async ({ postgres }) => await postgres.query('SELECT id FROM eval_templates LIMIT 1'),
  },
  {
    done: 'Langfuse dashboards and widgets',
    failed: 'Langfuse dashboards',
    invocation: 'dashboardWidget.findMany',
    write: async ({ postgres }) => await postgres.query('SELECT id FROM dashboard_widgets LIMIT 1'),
  },
];

/** Model prices, evaluators and dashboards; a Postgres that is not there costs one error each. */
async function defaultRows(worker: Worker): Promise<void> {
  const { log } = worker;
  for (const { done, failed, invocation, write } of defaults) {
    const startedAt = performance.now();
    const took = (): string => `${Math.round(performance.now() - startedAt)}ms`;
    try {
      await write(worker);
      log.info(`Finished upserting ${done} in ${took()}`);
    } catch (error) {
      const raw = invocation === '$queryRaw';
      const reason = raw
        ? `Raw query failed. Code: \`N/A\`. Message: \`${messageOf(error)}\``
        : messageOf(error);
      const text = `\nInvalid \`prisma.${invocation}()\` invocation:\n\n${reason}`;
      log.error(`prisma:error${text}`);
      log.error(`Error upserting ${failed} after ${took()}:${text}`);
    }
  }
}

/** The monitor runner takes a lock in Redis; all that can be seen of it is that a full Redis refuses. */
export function startMonitor({ redis, log }: Worker): void {
  void redis?.set('langfuse:monitor-runner:lock', '1', 'EX', 60, 'NX').catch((error: unknown) => {
    log.error(`[MonitorRunner(1/1)] Failed to acquire lock due to an error ${messageOf(error)}`, error);
  });
}
