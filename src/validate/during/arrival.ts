import { LfctlError } from '../../errors/error.ts';
import type { ClickHousePort } from '../../ports/clickhouse.ts';
import type { LangfusePort } from '../../ports/langfuse.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Era } from '../session.ts';
import { writesEvents } from '../session.ts';
import type { Stations } from '../stations.ts';

/** One generation that is there, and in how many rows. */
export interface Found {
  readonly id: string;
  readonly rows: number;
}

/** Reads all generations of some traces at once. */
export interface Looker {
  readonly hop: 'store' | 'read';
  /** @throws LfctlError when it cannot be asked */
  readonly look: (projectId: string, traceIds: readonly string[]) => Promise<readonly Found[]>;
}

/** The store where it is configured and open, then the API: it is asked when the store does not answer. */
export function lookersOf({ postgres, clickhouse }: Stations, langfuse: LangfusePort, era: Era): Looker[] {
  const api = apiLooker(langfuse, era);
  if (era.generation === 2) return postgres.state === 'open' ? [postgresLooker(postgres.port), api] : [api];
  return clickhouse.state === 'open' ? [clickhouseLooker(clickhouse.port, era), api] : [api];
}

export function clickhouseLooker(clickhouse: ClickHousePort, era: Era): Looker {
  const [table, id] = writesEvents(era) ? ['events_core', 'span_id'] : ['observations', 'id'];
  const sql = `SELECT ${id} AS id, count() AS rows FROM ${table}
    WHERE project_id = {project:String} AND trace_id IN {traces:Array(String)} AND is_deleted = 0 GROUP BY id`;
  return {
    hop: 'store',
    look: async (projectId, traceIds) => {
      const parameters = { project: projectId, traces: traceIds };
      const found = await clickhouse.query<{ id: string; rows: string | number }>(sql, parameters);
      // 64-bit integers come as text.
      return found.map(({ id: own, rows }) => ({ id: own, rows: Number(rows) }));
    },
  };
}

function postgresLooker(postgres: PostgresPort): Looker {
  const sql = 'SELECT id, 1 AS rows FROM observations WHERE project_id = $1 AND trace_id = ANY($2)';
  return {
    hop: 'store',
    look: async (projectId, traceIds) => await postgres.query<Found>(sql, [projectId, traceIds]),
  };
}

/** Asks the endpoint that this version has. An answer is read up to 64 KiB, so pages are short. */
export function apiLooker(langfuse: LangfusePort, { mode }: Era): Looker {
  const pages = mode === 'events_only' ? cursorPages : numberedPages;
  return {
    hop: 'read',
    look: async (_projectId, traceIds) => {
      const found: Found[] = [];
      for (const traceId of traceIds)
        for await (const id of pages(langfuse, traceId)) found.push({ id, rows: 1 });
      return found;
    },
  };
}

const pageSize = 20;
const cursorPageSize = 80;

async function* numberedPages(langfuse: LangfusePort, traceId: string): AsyncGenerator<string> {
  for (let page = 1; ; page += 1) {
    const path = `/api/public/observations?traceId=${traceId}&limit=${pageSize}&page=${page}`;
    const { ids } = await readPage(langfuse, path);
    yield* ids;
    if (ids.length < pageSize) return;
  }
}

async function* cursorPages(langfuse: LangfusePort, traceId: string): AsyncGenerator<string> {
  const first = `/api/public/v2/observations?traceId=${traceId}&fields=core&limit=${cursorPageSize}`;
  for (let path: string | null = first; path !== null;) {
    const { ids, cursor } = await readPage(langfuse, path);
    yield* ids;
    path = cursor === null ? null : `${first}&cursor=${encodeURIComponent(cursor)}`;
  }
}

interface Page {
  readonly ids: readonly string[];
  readonly cursor: string | null;
}

async function readPage(langfuse: LangfusePort, path: string): Promise<Page> {
  const { status, body, truncated } = await langfuse.getWithKeys(path);
  const page = status === 200 && !truncated ? pageIn(body) : null;
  if (page !== null) return page;
  const why = truncated ? ' with more than can be read' : `: ${body.slice(0, 200)}`;
  throw new LfctlError('LANGFUSE_ANSWER', {
    message: `GET ${path.split('?')[0] ?? ''} answers ${status}${why}`,
  });
}

/** Null for what is no page. */
function pageIn(body: string): Page | null {
  try {
    const { data, meta } = JSON.parse(body) as {
      readonly data?: readonly { readonly id?: unknown }[];
      readonly meta?: { readonly cursor?: unknown };
    };
    if (!Array.isArray(data)) return null;
    const ids = data.map((each) => String((each as { readonly id?: unknown }).id));
    return { ids, cursor: typeof meta?.cursor === 'string' ? meta.cursor : null };
  } catch {
    return null;
  }
}
