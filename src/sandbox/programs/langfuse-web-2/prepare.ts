import { provision } from '../langfuse-web/init.ts';
import { PrepareError } from '../langfuse-web/prepare.ts';
import { byField } from '../langfuse-web/environment.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { sharedVariablesFit, webIssues2 } from './environment.ts';
import { prisma5Text } from './prisma-words.ts';
import type { Web2 } from './web.ts';

const hook = 'An error occurred while loading instrumentation hook:';
const nextFrame =
  '    at NextNodeServer.prepareImpl (/app/node_modules/next/dist/server/next-server.js:481:33)';
const frame = '    at /app/web/.next/server/instrumentation.js';

/**
 * Next 14's instrumentation hook: variables, then LANGFUSE_INIT_* (web/src/instrumentation.ts at v2.95.12).
 *
 * @throws PrepareError
 */
export async function prepare(web: Web2): Promise<void> {
  const { log, settings } = web;
  const init = settings.text('NEXT_PUBLIC_LANGFUSE_RUN_NEXT_INIT') ?? 'true';
  if (init === 'true') log.plain('Running init scripts...');
  const issues = webIssues2(settings);
  if (issues.length > 0) {
    log.plain('❌ Invalid environment variables:', byField(issues));
    throw new PrepareError(`Error: ${hook} Invalid environment variables\n${frame}`);
  }
  if (!sharedVariablesFit(settings))
    throw new PrepareError(
      `TypeError: Cannot set property message of Error which has only a getter\n${nextFrame}`,
    );
  const orgId = settings.text('LANGFUSE_INIT_ORG_ID');
  if (init !== 'true' || orgId === undefined) return;
  await provision(web, orgId).catch((error: unknown) => {
    throw new PrepareError(initText(web, error));
  });
}

function initText({ settings }: Web2, error: unknown): string {
  if (!(error instanceof PrismaError)) return `Error: ${hook} ${String(error)}\n${frame}`;
  const name = error.code.startsWith('P10') ? 'PrismaClientInitializationError' : error.name;
  const invalid = 'Invalid `prisma.organization.upsert()` invocation:';
  return `${name}: ${hook} \n${invalid}\n\n\n${prisma5Text(error, settings)}\n${frame}`;
}
