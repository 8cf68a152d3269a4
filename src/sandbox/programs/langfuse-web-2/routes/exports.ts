import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { trpcAnswer, TrpcError, trpcInput, trpcRefusal } from '../../langfuse-web/trpc-answer.ts';
import { messageOf } from '../../langfuse/log.ts';
import { maySee } from '../session.ts';
import { observationColumns, observationShape2, type ObservationRow } from '../shapes.ts';
import type { Web2 } from '../web.ts';

const formats = {
  CSV: { extension: 'csv', contentType: 'text/csv', text: csv },
  JSON: {
    extension: 'json',
    contentType: 'application/json',
    text: (rows: readonly object[]) => JSON.stringify(rows),
  },
} as const;

const linkSeconds = 3600;

interface Wanted {
  readonly projectId: string;
  readonly format: (typeof formats)[keyof typeof formats];
}

/**
 * The export of generations that the user interface asks for (generations/exportQuery at v2.95.12): into the bucket of
 * S3_*, or in the answer where there is none. Filters are not part of the stand-in.
 */
async function exportGenerations(web: Web2, call: Call): Promise<Answer> {
  const wanted = wantedOf(call.url.searchParams.get('input') ?? '');
  if (wanted === undefined) return refused('BAD_REQUEST', 'Invalid input, projectId is required');
  const { projectId, format } = wanted;
  if (!(await maySee(web, call.request, projectId))) return refused('UNAUTHORIZED', 'UNAUTHORIZED');
  const rows = await web.postgres.query<ObservationRow>(
    `SELECT ${observationColumns} FROM observations_view o
     WHERE o.project_id = $1 AND o.type = 'GENERATION' ORDER BY o.start_time DESC`,
    [projectId],
  );
  const fileName = `lf-export-${projectId}-${new Date().toISOString()}.${format.extension}`;
  const data = format.text(rows.map(observationShape2));
  web.log.info(`Preparing export for ${fileName} ${web.exports === undefined ? 'in memory' : 'on S3'}`);
  if (web.exports === undefined) return trpcAnswer({ type: 'data', fileName, data });
  try {
    await web.exports.uploadFile(fileName, data, format.contentType);
  } catch (error) {
    web.log.error('middleware intercepted error with code INTERNAL_SERVER_ERROR', messageOf(error));
    return refused('INTERNAL_SERVER_ERROR', 'Internal error');
  }
  return trpcAnswer({ type: 's3', fileName, url: web.exports.downloadUrl(fileName, linkSeconds) });
}

function wantedOf(input: string): Wanted | undefined {
  try {
    const json = trpcInput(JSON.parse(input));
    if (json === undefined) return undefined;
    const { projectId, fileFormat } = json;
    if (typeof projectId !== 'string' || (fileFormat !== 'CSV' && fileFormat !== 'JSON')) return undefined;
    return { projectId, format: formats[fileFormat] };
  } catch {
    return undefined;
  }
}

function csv(rows: readonly object[]): string {
  const cell = (value: unknown): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
    return `"${text.replaceAll('"', '""')}"`;
  };
  const [first] = rows;
  if (first === undefined) return '';
  const lines = rows.map((row) => Object.values(row).map(cell).join(','));
  return [Object.keys(first).join(','), ...lines, ''].join('\n');
}

const refused = (code: TrpcError['code'], message: string): Answer =>
  trpcRefusal('generations.export', new TrpcError(code, message));

export const exportRoutes: readonly Route<Web2>[] = [
  { path: '/api/trpc/generations.export', methods: { GET: exportGenerations } },
];
