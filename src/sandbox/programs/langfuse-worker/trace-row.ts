import { clickHouseTime, storedMetadata, storedText, textOrNull } from './values.ts';
import type { EntityPlan } from './merge.ts';

/** How trace-create events become a row of `traces`. */
export function tracePlan(projectId: string): EntityPlan {
  return {
    immutable: ['id', 'project_id', 'timestamp', 'created_at', 'environment'],
    fromEvent: ({ body, timestamp }) => ({
      id: body.id,
      timestamp: clickHouseTime(body['timestamp']) ?? clickHouseTime(timestamp),
      name: textOrNull(body['name']) ?? undefined,
      user_id: textOrNull(body['userId']),
      metadata: storedMetadata(body['metadata']),
      release: textOrNull(body['release']),
      version: textOrNull(body['version']),
      project_id: projectId,
      environment: body['environment'] ?? 'default',
      public: body['public'] ?? undefined,
      bookmarked: undefined,
      tags: Array.isArray(body['tags']) ? body['tags'].map(String) : [],
      input: storedText(body['input']),
      output: storedText(body['output']),
      session_id: textOrNull(body['sessionId']),
    }),
  };
}
