import { createServer, type Server, type ServerResponse } from 'node:http';
import { consumptionHealth, propagationHealth, type StuckPart } from './health-queues.ts';
import type { Activity } from './consumers.ts';
import type { Worker } from './worker.ts';

/** The real one gives Redis this long to answer PING. */
const pingMs = 2000;

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The worker's HTTP side: only probes talk to it (worker/src/api, worker/src/features/health). */
export function healthServer(worker: Worker, activity: Activity): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    void respond(response, answer(worker, activity, pathname, searchParams));
    request.resume();
  });
}

async function respond(response: ServerResponse, answered: Promise<Answer>): Promise<void> {
  const { status, body } = await answered;
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  };
  response.writeHead(status, headers).end(text);
}

async function answer(
  worker: Worker,
  activity: Activity,
  path: string,
  query: URLSearchParams,
): Promise<Answer> {
  switch (path) {
    case '/':
      return { status: 200, body: { message: 'Langfuse Worker API 🚀' } };
    case '/api/health':
      return await health(worker, activity, query, 'Health');
    case '/api/ready':
      return isEnding(worker) ?? (await health(worker, activity, query, 'Readiness'));
    default:
      return { status: 404, body: { message: 'Not Found' } };
  }
}

function isEnding({ host, log }: Worker): Answer | undefined {
  if (!host.stopping.aborted) return undefined;
  const reason = 'SIGTERM / SIGINT received, shutting down';
  log.info(`Health check failed: ${reason}.`);
  return { status: 500, body: { status: reason } };
}

/**
 * Postgres and Redis; ClickHouse and S3 do not matter here, and a failure is 500. From 4 on the queues are looked at
 * as well when the request asks for it, and what is stuck is 503.
 */
async function health(
  worker: Worker,
  activity: Activity,
  query: URLSearchParams,
  what: 'Health' | 'Readiness',
): Promise<Answer> {
  try {
    await worker.postgres.query('SELECT 1');
    await pinged(worker);
    return judged(worker.release.generation === 4 ? await stuckParts(worker, activity, query) : []);
  } catch (error) {
    worker.log.error(`${what} check failed`, error);
    return { status: 500, body: { status: 'error' } };
  }
}

async function stuckParts(
  worker: Worker,
  activity: Activity,
  query: URLSearchParams,
): Promise<readonly StuckPart[]> {
  const asked = (name: string): boolean => query.get(name) === 'true';
  return [
    ...(asked('failIfEventPropagationStuck') ? [await propagationHealth(worker)] : []),
    ...(asked('failIfQueueConsumptionStuck') ? [consumptionHealth(worker, activity)] : []),
  ];
}

function judged(parts: readonly StuckPart[]): Answer {
  const details = Object.fromEntries(parts.map(({ name, details }) => [name, details]));
  const stuck = parts.filter(({ details }) => details.stuck).map(({ words }) => words);
  return stuck.length === 0
    ? { status: 200, body: { status: 'ok', ...details } }
    : { status: 503, body: { status: stuck.join('; '), ...details } };
}

async function pinged({ redis }: Worker): Promise<void> {
  if (redis === undefined) throw new Error('Redis connection not available');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`Redis ping timeout after ${pingMs / 1000} seconds`)), pingMs);
  });
  try {
    await Promise.race([redis.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}
