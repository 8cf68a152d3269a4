import type { ServerResponse } from 'node:http';
import type { AgentLogOptions } from '../node-agent.ts';
import { fieldsList, textOf, valueAt } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { isTrue, queryNumber } from './context.ts';
import { badRequest } from './status.ts';

/** A silent log's headers go out after this, so that a follower knows it is connected. */
const headerWaitMs = 100;

const names = (pod: StoredObject, list: string): string[] =>
  fieldsList(valueAt(pod, 'spec', list)).map((container) => textOf(container['name']));

/**
 * The container that a request means: the named one, or the only one.
 * @throws StatusError 400 when there are several and none is named, or no such container
 */
export function containerOf(pod: StoredObject, asked: string | null): string {
  const main = names(pod, 'containers');
  const init = names(pod, 'initContainers');
  const { name } = pod.metadata;
  if (asked !== null && asked !== '') {
    if ([...main, ...init].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = main;
  if (only !== undefined && main.length === 1) return only;
  const choices = `choose one of: [${main.join(' ')}]`;
  const inits = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}${inits}`);
}

/** Whether a node has it: before that there is nobody to ask for logs, exec or ports. */
function isScheduled(pod: StoredObject): boolean {
  return textOf(valueAt(pod, 'spec', 'nodeName')) !== '';
}

/** @throws StatusError 400 */
export function requireNode(pod: StoredObject): void {
  if (!isScheduled(pod)) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}

function logOptions(request: ApiRequest, container: string): AgentLogOptions {
  const { query, signal } = request;
  const numbers = (['tailLines', 'sinceSeconds', 'limitBytes'] as const).flatMap((name) => {
    const value = queryNumber(query, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const sinceTime = query.get('sinceTime');
  return {
    container,
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
    follow: isTrue(query, 'follow'),
    ...(Object.fromEntries(numbers) as Pick<AgentLogOptions, 'tailLines' | 'sinceSeconds' | 'limitBytes'>),
    ...(sinceTime === null ? {} : { sinceTime }),
    signal,
  };
}

const drained = (response: ServerResponse, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    response.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    return undefined;
  });

const silence = Symbol('silence');

/** GET pods/NAME/log. A refusal before the first line becomes a Status, one after it cuts the stream. */
export async function podLog(context: ApiContext, request: ApiRequest, pod: StoredObject): Promise<Reply> {
  const options = logOptions(request, containerOf(pod, request.query.get('container')));
  if (!isScheduled(pod)) return { code: 204, bytes: '', type: 'text/plain' };
  const { namespace = '', name } = pod.metadata;
  const lines = context.agent.logs(namespace, name, options)[Symbol.asyncIterator]();
  const first = lines.next();
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<typeof silence>((resolve) => {
    timer = setTimeout(() => resolve(silence), headerWaitMs);
  });
  await Promise.race([first, quiet]);
  clearTimeout(timer);
  const stream = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    for (let line = await first; line.done !== true; line = await lines.next()) {
      if (request.signal.aborted) break;
      if (!response.write(line.value)) await drained(response, request.signal);
    }
    await lines.return?.();
    response.end();
  };
  return { stream };
}
