import type { MigrationFlags } from '../langfuse/write-mode.ts';

/** What an export's headers said; "unknown" and "" where they said nothing. */
interface SentBy {
  readonly sdkName?: string;
  readonly sdkVersion?: string;
  readonly ingestionVersion?: string;
}

/** SDKs from these majors on write spans that stand for themselves. */
const directSdks: Readonly<Record<string, number>> = { python: 4, javascript: 5 };

/** Whether an export goes to events_full at once: by its headers, or because all of them do (otelIngestionQueue.ts). */
export function writesDirectly(flags: MigrationFlags, sent: SentBy): boolean {
  if (flags.otelBehaviour === 'direct') return true;
  if (Number.parseInt(sent.ingestionVersion ?? '', 10) >= 4) return true;
  const since = directSdks[sent.sdkName ?? ''];
  return since !== undefined && Number.parseInt(sent.sdkVersion ?? '', 10) >= since;
}
