import { isRecord } from '../langfuse/event-check.ts';
import type { Web } from './web.ts';

/** One event's failure inside a 207. */
export interface EventError {
  readonly id: string;
  readonly status: number;
  readonly message: string;
  readonly error: string;
}

const mode = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';
const remedy = [
  'Upgrade the client or integration to a v4-compatible SDK or OTLP ingestion path.',
  `As a temporary migration bridge, set ${mode}=dual on both the web and worker services and redeploy.`,
  'Docs: https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4',
].join(' ');

/** Types that need none of the tables of 3. */
const kept = ['score-create', 'sdk-log'];

/** Takes out of a batch what a deployment in events_only mode does not store (score-and-dropped-span.json). */
export function refusedEvents(
  { flags, release, log }: Web,
  projectId: string,
  batch: readonly unknown[],
): { readonly taken: readonly unknown[]; readonly refused: readonly EventError[] } {
  if (flags.writesLegacy) return { taken: batch, refused: [] };
  // 3 keeps dataset run items in a table of their own.
  const types = release.generation >= 4 ? kept : [...kept, 'dataset-run-item-create'];
  const isKept = (event: unknown): boolean => types.includes(typeOf(event));
  const refused = batch.filter((event) => !isKept(event)).map((event) => refusal(event, release.generation));
  if (refused.length > 0 && release.generation >= 4)
    log.warn(
      `Rejected ${refused.length} event(s) from the legacy /api/public/ingestion endpoint for project ${projectId} because this Langfuse v4 deployment runs in events_only mode. These events were not stored. ${remedy}`,
    );
  return { taken: batch.filter(isKept), refused };
}

function typeOf(event: unknown): string {
  return isRecord(event) && typeof event['type'] === 'string' ? event['type'] : 'unknown';
}

function refusal(event: unknown, generation: number): EventError {
  const id = isRecord(event) && typeof event['id'] === 'string' ? event['id'] : 'unknown';
  const accepts =
    generation >= 4 ? `score and log events. ${remedy}` : 'score, log, and dataset-run-item events.';
  return {
    id,
    status: 400,
    message: 'Event type not accepted',
    error: `Event type "${typeOf(event)}" is not accepted by /api/public/ingestion when ${mode} is events_only. This endpoint only accepts ${accepts}`,
  };
}
