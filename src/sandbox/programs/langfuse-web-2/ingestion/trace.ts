import { uuid } from '../../langfuse/ids.ts';
import type { SqlRow } from '../../langfuse/postgres.ts';
import type { Web2 } from '../web.ts';
import type { Event2 } from './check-event.ts';
import { ForbiddenError } from './event-error.ts';
import { mergeJson } from './merge-json.ts';
import { given, timeOf, upsert } from './upsert.ts';

interface ExistingTrace extends SqlRow {
  readonly project_id: string;
  readonly metadata: unknown;
  readonly tags: readonly string[] | null;
}

/** trace-create: session first, then the trace; metadata and tags of several events add up. @throws ForbiddenError */
export async function writeTrace({ postgres }: Web2, projectId: string, { body }: Event2): Promise<void> {
  const id = given(body['id']) ?? uuid();
  const [existing] = await postgres.query<ExistingTrace>(
    'SELECT project_id, metadata, tags FROM traces WHERE id = $1',
    [id],
  );
  if (existing !== undefined && existing.project_id !== projectId)
    throw new ForbiddenError(`Access denied for trace creation ${existing.project_id}`);
  const sessionId = given(body['sessionId']);
  if (sessionId !== undefined && sessionId !== '')
    await upsert(
      postgres,
      'trace_sessions',
      ['id', 'project_id'],
      { id: sessionId, project_id: projectId },
      [],
    );
  const columns = {
    id,
    project_id: projectId,
    timestamp: timeOf(body['timestamp']),
    name: given(body['name']),
    user_id: given(body['userId']),
    input: given(body['input']),
    output: given(body['output']),
    metadata: mergeJson(existing?.metadata, body['metadata']),
    release: given(body['release']),
    version: given(body['version']),
    session_id: sessionId,
    public: given(body['public']),
    tags: mergedTags(existing?.tags, body['tags']),
  };
  await upsert(postgres, 'traces', ['id'], columns, ['project_id']);
}

function mergedTags(before: readonly string[] | null | undefined, after: unknown): string[] | undefined {
  if (!Array.isArray(after)) return undefined;
  return [...new Set([...(before ?? []), ...after.map(String)])].sort();
}
