import type { Generation, Mode } from '../deployment/model.ts';
import type { LangfusePort } from '../ports/langfuse.ts';
import type { Way } from './canary.ts';

/** What the API itself tells, before anything is sent. */
export interface Era {
  readonly version: string | null;
  readonly generation: Generation;
  /** Null for a Langfuse 4 that keeps the old tables, and of which it is not known whether it writes the new ones, too. */
  readonly mode: Mode | null;
}

/** How canaries are sent to it: what its SDKs use. */
export function waysOf({ generation }: Era): readonly Way[] {
  switch (generation) {
    case 2:
      return ['json'];
    case 3:
      return ['json', 'otlp-json'];
    case 4:
      return ['otlp-json', 'otlp-protobuf'];
  }
}

/** Whether spans become rows of the events tables; the old tables take them in every other mode of 4, and in 3. */
export const writesEvents = ({ generation, mode }: Era): boolean =>
  generation === 4 && (mode === 'dual' || mode === 'events_only');

/** Text of the 404 that old endpoints give in events_only mode, before they look at keys. */
const eventsOnlyText = /events_only mode/;

/**
 * Whether a Langfuse 4 keeps the old tables, without a login: in events_only mode its old endpoints are gone
 * (web/src/features/public-api/server/createAuthedProjectAPIRoute.ts of Langfuse 4). Legacy and dual are served alike:
 * null.
 */
export async function probeMode(langfuse: LangfusePort): Promise<'events_only' | null> {
  const answer = await langfuse.get('/api/public/traces?limit=1');
  return answer.status === 404 && eventsOnlyText.test(answer.body) ? 'events_only' : null;
}
