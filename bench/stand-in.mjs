// A Langfuse 3 and its ClickHouse in one small server that only keeps ids: what is weighed then is lfctl, and nothing
// else takes the machine's time. What it takes can be seen 6 s later. Its first line of output is its address.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const arrivalMs = 6000;
/** Ids of generations with their time of arrival, by trace. */
const kept = new Map();

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [status, json] = answer(new URL(request.url, 'http://stand-in'), Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  });
}).listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));

function answer({ pathname, searchParams }, body) {
  switch (pathname) {
    case '/api/public/health':
      return [200, { status: 'OK', version: '3.199.0' }];
    case '/api/public/projects':
      return [200, { data: [{ id: 'stand-in', name: 'stand-in' }] }];
    case '/api/public/ingestion':
      return [207, takeEvents(JSON.parse(body).batch)];
    case '/api/public/otel/v1/traces':
      return [200, takeSpans(JSON.parse(body).resourceSpans)];
    case '/api/public/observations':
      return [200, pageFor(searchParams)];
    default:
      return [200, rowsFor(body, searchParams.get('param_traces') ?? '')];
  }
}

function keep(traceId, id) {
  const ids = kept.get(traceId) ?? [];
  kept.set(traceId, ids);
  ids.push([id, Date.now() + arrivalMs]);
}

function takeEvents(batch) {
  for (const { type, body } of batch) if (type === 'generation-create') keep(body.traceId, body.id);
  return { successes: batch.map(({ id }) => ({ id, status: 201 })), errors: [] };
}

function takeSpans(resourceSpans) {
  for (const { traceId, spanId } of resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  ))
    keep(traceId, spanId);
  return { fileKey: `events/otel/stand-in/2026/11/21/00/00/${randomUUID()}.json` };
}

const arrived = (traceId) => (kept.get(traceId) ?? []).filter(([, at]) => at <= Date.now()).map(([id]) => id);

function pageFor(query) {
  const limit = Number(query.get('limit'));
  const from = (Number(query.get('page')) - 1) * limit;
  const ids = arrived(query.get('traceId')).slice(from, from + limit);
  return { data: ids.map((id) => ({ id })), meta: {} };
}

/** What ClickHouse says to a login, to the question for generations, and to all else. */
function rowsFor(sql, traces) {
  if (/SELECT 1 AS ok/.test(sql)) return { meta: [], data: [{ ok: 1 }], rows: 1 };
  if (!/count\(\) AS rows/.test(sql)) return { meta: [], data: [], rows: 0 };
  const data = (traces.match(/[0-9a-f]{32}/g) ?? []).flatMap(arrived).map((id) => ({ id, rows: '1' }));
  return { meta: [], data, rows: data.length };
}
