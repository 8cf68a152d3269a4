import { probeVersion } from '../langfuse/clickhouse.ts';
import type { Log } from '../langfuse/log.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { issuesText, sharedIssues, type Issue } from '../langfuse/settings.ts';
import { migrationFlagIssues } from '../langfuse/write-mode.ts';
import { byField, webIssues } from './environment.ts';
import { runInit } from './init.ts';
import type { Web } from './web.ts';

/** Why the server could not be prepared: the block the log repeats, and 500 to every request. */
export class PrepareError extends Error {
  override readonly name = 'PrepareError';
}

const hook = 'An error occurred while loading instrumentation hook:';
const frame = '    at module evaluation (.next/server/chunks/instrumentation.js)';

/** Next's instrumentation hook: variables, ClickHouse probe, init scripts. @throws PrepareError */
export async function prepare(web: Web): Promise<void> {
  const { log, settings } = web;
  log.plain('Running init scripts...');
  const flags = migrationFlagIssues(settings);
  const shared = [...sharedIssues(settings), ...flags.filter(about('WRITE_MODE'))];
  if (shared.length > 0) throw new PrepareError(`Error [ZodError]: ${hook} ${issuesText(shared)}\n${frame}`);
  modelCacheLine(log);
  const own = [...webIssues(settings), ...flags.filter(about('ALLOW_PREVIEW_OPT_IN'))];
  if (own.length > 0) {
    log.plain('❌ Invalid environment variables:', byField(own));
    throw new PrepareError(`Error: ${hook} Invalid environment variables\n${frame}`);
  }
  log.info('[Connection] Log level is set to INFO');
  await probeVersion(web.clickhouse, log);
  await runInit(web).catch((error: unknown) => {
    throw initError(error, web.release.prismaClient);
  });
  modelCacheLine(log);
  featureLines(web);
}

/** The shared packages check the write mode, web itself the opt-in; nobody here reads the third flag. */
const about =
  (flag: string) =>
  ({ path: [name] }: Issue): boolean =>
    name === `LANGFUSE_MIGRATION_V4_${flag}`;

function modelCacheLine(log: Log): void {
  log.info('[LocalCache:model_match] Initialized local cache', {
    enabled: false,
    ttlMs: 10_000,
    max: 20_000,
  });
}

/** Tools of the MCP server, in the order of the captured logs. */
const features =
  'prompts observations annotationQueues comments datasets health scores metrics models media evals'.split(
    ' ',
  );
const newerFeatures = ['dashboardWidgets', 'feedback', 'experiments', 'alerts'];

function featureLines({ log, release }: Web): void {
  for (const feature of [...features, ...(release.generation >= 4 ? newerFeatures : [])])
    log.info(`MCP feature registered: ${feature}`);
}

function initError(error: unknown, clientVersion: string): PrepareError {
  if (!(error instanceof PrismaError)) return new PrepareError(`Error: ${hook} ${String(error)}\n${frame}`);
  return new PrepareError(
    [
      `Error [PrismaClientKnownRequestError]: ${hook}`,
      'Invalid `prisma.organization.upsert()` invocation:',
      '',
      error.message,
      `    at async (.next/server/chunks/initialize.js) {`,
      `  code: '${error.code}',`,
      '  meta: {',
      `    modelName: 'Organization',`,
      `    driverAdapterError: Error [DriverAdapterError]: ${error.adapterError}`,
      '        at async (.next/server/chunks/adapter.js) {',
      '      [cause]: [Object]',
      '    }',
      '  },',
      `  clientVersion: '${clientVersion}'`,
      '}',
    ].join('\n'),
  );
}
