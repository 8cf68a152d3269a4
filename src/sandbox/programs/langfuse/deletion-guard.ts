import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** Projects whose data stays although its deletion was accepted (packages/shared/src/server/deletionGuard.ts). */
export function isLeftAlone(
  { settings, log }: { readonly settings: Settings; readonly log: Log },
  projectId: string,
  entity: 'trace' | 'score',
): boolean {
  const names = settings.text('LANGFUSE_DELETE_SKIP_PROJECT_IDS')?.split(',') ?? [];
  if (!names.includes(projectId)) return false;
  const fate = '(in skip list). No deletion processing will occur.';
  log.info(`Skipping ${entity} deletion for project ${projectId} ${fate}`);
  return true;
}
