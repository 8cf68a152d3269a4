import { probeVersion } from '../langfuse/clickhouse.ts';
import { messageOf } from '../langfuse/log.ts';
import { upsertDefaultModels } from './models.ts';
import { consumes, executors } from './queue-names.ts';
import type { Worker } from './worker.ts';

/** What a worker does before it listens: probe, default rows in Postgres, executors; none of it is fatal. */
export async function logStart(worker: Worker): Promise<void> {
  const { log } = worker;
  log.info('[LocalCache:model_match] Initialized local cache', {
    enabled: false,
    ttlMs: 10_000,
    max: 20_000,
  });
  log.info('[Connection] Log level is set to INFO');
  await probeVersion(worker.clickhouse, log);
  await defaultRows(worker);
  log.info('No min project create date set, ClickhouseReadSkipCache will not pre-populate');
  for (const [queue, variable] of executors)
    log.info(`${queue} executor started: ${consumes(worker.settings, variable)}`);
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

/** Looks for unfinished background migrations; the sandbox's are finished or dormant from the start. */
export async function runBackgroundMigrations({ log, postgres, settings }: Worker): Promise<void> {
  if (settings.text('LANGFUSE_ENABLE_BACKGROUND_MIGRATIONS') === 'false') return;
  try {
    await postgres.query(
      'SELECT name FROM background_migrations WHERE finished_at IS NULL AND failed_at IS NULL',
    );
    log.info('[Background Migration] No background migrations to run');
  } catch (error) {
    log.error(`Error running background migrations ${messageOf(error)}`, error);
  }
}

/** The monitor runner takes a lock in Redis; all that can be seen of it is that a full Redis refuses. */
export function startMonitor({ redis, log }: Worker): void {
  void redis?.set('langfuse:monitor-runner:lock', '1', 'EX', 60, 'NX').catch((error: unknown) => {
    log.error(`[MonitorRunner(1/1)] Failed to acquire lock due to an error ${messageOf(error)}`, error);
  });
}
