/** Retention is for who has an Enterprise licence: web/src/features/projects/server/projectsRouter.ts of langfuse/langfuse. */
import { envText } from '../deployment/resolve-env.ts';
import { LfctlError } from '../errors/error.ts';
import type { Tenancy } from '../tenancy/access.ts';

const shortestDays = 3;

/** Why so many days would not be taken; null for good ones. */
export function retentionProblem(days: number): string | null {
  if (Number.isSafeInteger(days) && (days === 0 || days >= shortestDays)) return null;
  return `a retention is 0 or at least ${String(shortestDays)} whole days, not ${String(days)}`;
}

/** For a row that lfctl writes itself; the API judges its own. @throws LfctlError RETENTION, RETENTION_LICENCE */
export function requireRetention(
  { deployment, generation }: Pick<Tenancy, 'deployment' | 'generation'>,
  days: number,
): void {
  const problem = generation === 2 ? 'Langfuse 2 keeps all, and has no retention' : retentionProblem(days);
  if (problem !== null) throw new LfctlError('RETENTION', { message: problem });
  if (days === 0) return;
  const webs = deployment?.components.filter(({ role }) => role === 'web') ?? [];
  const isLicensed = webs.some(
    ({ env }) => envText(env, 'LANGFUSE_EE_LICENSE_KEY')?.startsWith('langfuse_ee_') === true,
  );
  if (isLicensed) return;
  const seen = webs.length === 0 ? 'the variables of web are not known here' : 'web has none';
  throw new LfctlError('RETENTION_LICENCE', {
    message: `retention needs an Enterprise licence, and ${seen}; nothing was changed`,
  });
}
