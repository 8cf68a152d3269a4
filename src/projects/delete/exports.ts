import type { PostgresPort } from '../../ports/postgres.ts';

/**
 * Names of the files that users of a project exported; Langfuse never removes them. Only the presigned link in
 * `batch_exports.url` tells them (worker/src/features/batchExport of langfuse/langfuse); the link itself is a secret.
 */
export async function exportNames(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ url: string }>(
    'SELECT url FROM batch_exports WHERE project_id = $1 AND url IS NOT NULL',
    [projectId],
  );
  const names = rows.map(({ url }) => nameIn(url)).filter((name) => name?.includes(projectId) === true);
  return [...new Set(names.filter((name) => name !== null))];
}

function nameIn(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}
