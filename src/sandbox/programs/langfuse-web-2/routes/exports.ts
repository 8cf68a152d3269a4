import type { Answer } from '../../langfuse-web/answer.ts';
import type { Call, Route } from '../../langfuse-web/route.ts';
import { isRecord } from '../../langfuse/event-check.ts';
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
  if (wanted === undefined) return refused(400, 'BAD_REQUEST', 'Invalid input, projectId is required');
  const { projectId, format } = wanted;
  if (!(await maySee(web, call.request, projectId))) return refused(401, 'UNAUTHORIZED', 'UNAUTHORIZED');
  const rows = await web.postgres.query<ObservationRow>(
    `SELECT ${observationColumns} FROM observations_view o
     WHERE o.project_id = $1 AND o.type = 'GENERATION' ORDER BY o.start_time DESC`,
    [projectId],
  );
  const fileName = `lf-export-${projectId}-${new Date().toISOString()}.${format.extension}`;
  const data = format.text(rows.map(observationShape2));
  web.log.info(`Preparing export for ${fileName} ${web.exports === undefined ? 'in memory' : 'on S3'}`);
  if (web.exports === undefined) return answered({ type: 'data', fileName, data });
  try {
    await web.exports.uploadFile(fileName, data, format.contentType);
  } catch (error) {
    web.log.error('middleware intercepted error with code INTERNAL_SERVER_ERROR', messageOf(error));
    return refused(500, 'INTERNAL_SERVER_ERROR', 'Internal error');
  }
  return answered({ type: 's3', fileName, url: web.exports.downloadUrl(fileName, linkSeconds) });
}

/** superjson puts what it carries under `json`. */
function wantedOf(input: string): Wanted | undefined {
  try {
    const parsed: unknown = JSON.parse(input);
    const json: unknown = isRecord(parsed) ? parsed['json'] : undefined;
    if (!isRecord(json)) return undefined;
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

const codes = { BAD_REQUEST: -32600, UNAUTHORIZED: -32001, INTERNAL_SERVER_ERROR: -32603 } as const;

/** tRPC's answers (https://trpc.io/docs/rpc). */
function answered(json: object): Answer {
  return { status: 200, json: { result: { data: { json } } } };
}

function refused(httpStatus: number, code: keyof typeof codes, message: string): Answer {
  const data = { code, httpStatus, path: 'generations.export', zodError: null };
  return { status: httpStatus, json: { error: { json: { message, code: codes[code], data } } } };
}

export const exportRoutes: readonly Route<Web2>[] = [
  { path: '/api/trpc/generations.export', methods: { GET: exportGenerations } },
];
