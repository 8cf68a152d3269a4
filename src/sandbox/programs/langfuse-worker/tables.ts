import { migrationFlags } from '../langfuse/write-mode.ts';
import type { Worker } from './worker.ts';

/** Whether this deployment has rows in the events tables of 4. */
export function writesEvents({ settings, release }: Pick<Worker, 'settings' | 'release'>): boolean {
  return migrationFlags(settings, release).writesEvents;
}
