import type { MigrationFlags } from '../langfuse/write-mode.ts';

/** What the worker, and not web, refuses: pairs that would lose data (validateV4Flags of worker/src/env.ts). */
export function flagsRefusal(flags: MigrationFlags): string | undefined {
  const { writeMode, otelBehaviour, allowPreviewOptIn } = flags;
  if (writeMode === 'legacy' && otelBehaviour === 'direct')
    return (
      'Invalid V4 config: LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR=direct requires ' +
      'LANGFUSE_MIGRATION_V4_WRITE_MODE in {dual, events_only}. Direct OTel writes target events_full, ' +
      'which is not read in legacy mode.'
    );
  if (writeMode === 'events_only' && otelBehaviour === 'dual_write')
    return (
      'Invalid V4 config: LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR=dual_write is incoherent with ' +
      'LANGFUSE_MIGRATION_V4_WRITE_MODE=events_only (would dual-write to legacy tables the deployment ' +
      'otherwise skips).'
    );
  if (writeMode === 'events_only' && !allowPreviewOptIn)
    return (
      'Invalid V4 config: LANGFUSE_MIGRATION_V4_WRITE_MODE=events_only requires ' +
      'LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN=true. Web reads are gated solely on the opt-in flag; ' +
      'without it they target the legacy traces/observations tables that events_only mode no longer writes to.'
    );
  return undefined;
}

/** An uncaught Error of that check, as Node prints it (worker-invalid-v4-flags capture). */
export function refusalLines(message: string): readonly string[] {
  return [
    '/app/worker/dist/env.js:653',
    `        throw new Error("${message.split(/ requires | is incoherent /)[0]} " +`,
    '        ^',
    '',
    `Error: ${message}`,
    '    at validateV4Flags (/app/worker/dist/env.js:653:15)',
    '    at parseEnv (/app/worker/dist/env.js:681:5)',
    '    at Object.<anonymous> (/app/worker/dist/env.js:687:7)',
    '',
    'Node.js v24.21.0',
  ];
}
