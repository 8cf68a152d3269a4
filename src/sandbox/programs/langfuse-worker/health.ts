import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Worker } from './worker.ts';

/** The real one gives Redis this long to answer PING. */
const pingMs = 2000;

/** The worker's HTTP side: only probes talk to it. */
export function healthServer(worker: Worker): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    void respond(worker, pathname, response);
    request.resume();
  });
}

async function respond(worker: Worker, path: string, response: ServerResponse): Promise<void> {
  const { status, body } = await answer(worker, path);
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  };
  response.writeHead(status, headers).end(text);
}

async function answer(worker: Worker, path: string): Promise<{ status: number; body: object }> {
  switch (path) {
    case '/':
      return { status: 200, body: { message: 'Langfuse Worker API 🚀' } };
    case '/api/health':
      return await health(worker);
    case '/api/ready':
      if (worker.host.stopping.aborted) return { status: 500, body: { status: 'error' } };
      return await health(worker);
    default:
      return { status: 404, body: { message: 'Not Found' } };
  }
}

/** Postgres and Redis only; ClickHouse and S3 do not matter here. Failures are 500, never 503. */
async function health(worker: Worker): Promise<{ status: number; body: object }> {
  try {
    await worker.postgres.query('SELECT 1');
    await pinged(worker);
    return { status: 200, body: { status: 'ok' } };
  } catch (error) {
    worker.log.error('Health check failed', error);
    return { status: 500, body: { status: 'error' } };
  }
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
