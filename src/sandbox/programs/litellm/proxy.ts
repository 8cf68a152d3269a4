import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Callback } from './callback.ts';
import { completionOf, errorText, responseBody } from './completion.ts';
import type { Completion, CompletionRequest } from './completion.ts';
import type { LiteLlmConfig } from './config.ts';

/** What the proxy works with. */
export interface LiteLlmProxyOptions {
  readonly config: LiteLlmConfig;
  readonly version: string;
  readonly onSuccess: readonly Callback[];
  readonly onFailure: readonly Callback[];
  readonly clock: () => number;
  readonly print: (line: string) => void;
  /** Of so many probes one is logged: the sandbox's kubelet probes faster than a real one. */
  readonly logEveryProbe: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const largestBodyBytes = 10 * 1024 * 1024;
/** What LiteLLM 1.74.3 itself puts beside the configured callbacks. */
const ownCallbacks = [
  'sync_deployment_callback_on_success',
  '_PROXY_VirtualKeyModelMaxBudgetLimiter',
  '_PROXY_MaxBudgetLimiter',
  '_PROXY_MaxParallelRequestsHandler',
  '_PROXY_CacheControlCheck',
  'ServiceLogging',
];
/** When each model was made, as LiteLLM has it for all. */
const modelsCreated = 1677610602;

/** LiteLLM's HTTP server; the caller makes it listen. */
export function createLiteLlmProxy(options: LiteLlmProxyOptions): Server {
  let probes = 0;
  const isLogged = (url: string): boolean => {
    if (!url.startsWith('/health/')) return true;
    probes += 1;
    return probes % options.logEveryProbe === 1 % options.logEveryProbe;
  };
  return createServer((message, response) => {
    void respond(options, message).then((answer) => {
      send(message, response, answer);
      if (isLogged(message.url ?? '')) options.print(accessLine(message, answer.status));
      return null;
    });
  });
}

async function respond(options: LiteLlmProxyOptions, message: IncomingMessage): Promise<Answer> {
  await free(options);
  const path = (message.url ?? '/').split('?')[0] ?? '/';
  if (/^\/health\/live(?:liness|ness)$/.test(path)) return { status: 200, body: "I'm alive!" };
  if (path === '/health/readiness') return { status: 200, body: readiness(options) };
  const refusal = checkKey(options.config, message.headers.authorization);
  if (refusal !== null) return refusal;
  if (/^(?:\/v1)?\/models$/.test(path)) return { status: 200, body: modelList(options) };
  if (message.method === 'POST' && /^(?:\/v1)?\/chat\/completions$/.test(path))
    return complete(options, message);
  return { status: 404, body: { detail: 'Not Found' } };
}

function readiness({ config, version, onSuccess }: LiteLlmProxyOptions): unknown {
  const names = [...config.successCallbacks, ...ownCallbacks];
  return {
    status: 'healthy',
    db: 'Not connected',
    cache: null,
    litellm_version: version,
    success_callbacks: onSuccess.reduce<readonly string[]>((all, { listed }) => listed(all), names),
    use_aiohttp_transport: true,
  };
}

function modelList({ config }: LiteLlmProxyOptions): unknown {
  const data = config.models.map(({ name }) => ({
    id: name,
    object: 'model',
    created: modelsCreated,
    owned_by: 'openai',
  }));
  return { data, object: 'list' };
}

function checkKey({ masterKey }: LiteLlmConfig, authorization: string | undefined): Answer | null {
  if (masterKey === null) return null;
  const key = authorization?.replace(/^Bearer\s*/i, '') ?? '';
  if (key === masterKey) return null;
  // Other keys would be virtual ones, which only a database knows.
  if (key !== '') return errorAnswer(400, 'No connected db.', 'no_db_connection', null);
  return errorAnswer(401, 'Authentication Error, No api key passed in.', 'auth_error', 'None');
}

async function complete(options: LiteLlmProxyOptions, message: IncomingMessage): Promise<Answer> {
  const request = await readRequest(message);
  if (request === null) return errorAnswer(400, 'Invalid JSON payload', 'invalid_request_error', 'None');
  const model = options.config.models.find(({ name }) => name === request.model);
  if (model === undefined)
    return errorAnswer(
      400,
      `{'error': '/chat/completions: Invalid model name passed in model=${request.model}. Call \`/v1/models\` to view available models for your key.'}`,
      'None',
      'None',
    );
  const startMs = options.clock();
  const completion = completionOf(request, request.mockResponse ?? model.mockResponse, {
    startMs,
    endMs: options.clock(),
  });
  tell(options, completion);
  await free(options);
  if (completion.outcome.ok) return { status: 200, body: responseBody(completion) };
  return errorAnswer(500, errorText(completion), null, null);
}

async function free({ onSuccess, onFailure }: LiteLlmProxyOptions): Promise<void> {
  await Promise.all([...onSuccess, ...onFailure].map((callback) => callback.free()));
}

/** Gives a call to its callbacks. */
function tell(
  { onSuccess, onFailure }: Pick<LiteLlmProxyOptions, 'onSuccess' | 'onFailure'>,
  completion: Completion,
): void {
  for (const callback of completion.outcome.ok ? onSuccess : onFailure) callback.record(completion);
}

async function readRequest(message: IncomingMessage): Promise<CompletionRequest | null> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > largestBodyBytes) return null;
  }
  try {
    return requestOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function requestOf(body: unknown): CompletionRequest | null {
  if (typeof body !== 'object' || body === null) return null;
  const {
    model,
    messages,
    user,
    mock_response,
    metadata,
    stream: _,
    ...rest
  }: Record<string, unknown> = { ...body };
  const isPlain = ([, value]: readonly [string, unknown]): boolean =>
    ['string', 'number', 'boolean'].includes(typeof value);
  return {
    model: typeof model === 'string' ? model : '',
    messages,
    user: typeof user === 'string' ? user : null,
    mockResponse: typeof mock_response === 'string' ? mock_response : null,
    metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
    parameters: Object.fromEntries(Object.entries(rest).filter(isPlain)) as CompletionRequest['parameters'],
  };
}

function errorAnswer(status: number, message: string, type: string | null, param: string | null): Answer {
  return { status, body: { error: { message, type, param, code: String(status) } } };
}

function send(message: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  message.resume();
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** As uvicorn writes it. */
function accessLine({ socket, method, url }: IncomingMessage, status: number): string {
  const client = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
  return `INFO:     ${client} - "${method} ${url} HTTP/1.1" ${status} ${STATUS_CODES[status] ?? ''}`;
}
