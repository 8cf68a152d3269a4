import type { HttpAnswer, HttpRequest, LangfusePort, LangfuseTarget } from '../../src/ports/langfuse.ts';

/** The API for organisations, as far as projects go: web/src/pages/api/public of langfuse/langfuse. */
export interface FakeApi {
  readonly projects: Map<string, { name: string; retention?: number }>;
  readonly requests: string[];
  /** What every request is answered with, where it is refused. */
  refusal: readonly [status: number, body: object] | null;
  readonly open: (target: LangfuseTarget) => LangfusePort;
}

export function fakeApi(names: readonly string[] = []): FakeApi {
  const api: FakeApi = {
    projects: new Map(names.map((name) => [`id-${name}`, { name }])),
    requests: [],
    refusal: null,
    open: () => ({
      get: () => Promise.reject(new Error('nothing is asked without keys')),
      getWithKeys: () => Promise.reject(new Error('everything goes by send')),
      send: () => Promise.reject(new Error('nothing is sent without keys')),
      sendWithKeys: async (request) => await Promise.resolve(answer(api, request)),
      close: () => undefined,
    }),
  };
  return api;
}

function answer(api: FakeApi, { method, path, body }: HttpRequest): HttpAnswer {
  api.requests.push(`${method} ${path}`);
  if (api.refusal !== null) return http(...api.refusal);
  const sent = JSON.parse(body?.toString() ?? '{}') as { name?: string; retention?: number };
  const id = decodeURIComponent(path.split('/')[4] ?? '');
  switch (method) {
    case 'GET':
      return path.endsWith('/apiKeys') ? http(200, { apiKeys: [{}] }) : http(200, { projects: listed(api) });
    case 'POST':
      return post(api, sent);
    case 'PUT':
      api.projects.set(id, { ...api.projects.get(id), name: sent.name ?? '' });
      return http(200, { id });
    case 'DELETE':
      return api.projects.delete(id) ? http(202, { success: true }) : http(404, { message: 'Not found' });
    case 'PATCH':
      return http(405, { message: 'Method not allowed' });
  }
}

const listed = ({ projects }: FakeApi): object[] =>
  [...projects].map(([id, { name }]) => ({ id, name, createdAt: '2026-11-01T00:00:00.000Z' }));

function post(
  { projects }: FakeApi,
  { name = '', retention }: { name?: string; retention?: number },
): HttpAnswer {
  if ([...projects.values()].some((one) => one.name === name))
    return http(409, { message: 'A project with this name already exists in your organization' });
  const id = `id-${name}`;
  projects.set(id, { name, ...(retention === undefined ? {} : { retention }) });
  return http(201, { id, name, metadata: {} });
}

const http = (status: number, body: object): HttpAnswer => ({
  status,
  body: JSON.stringify(body),
  ms: 1,
  keepAliveSeconds: null,
  contentType: 'application/json',
  truncated: false,
});
