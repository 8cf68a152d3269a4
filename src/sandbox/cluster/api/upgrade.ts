import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { valueAt } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import { accessTo } from './access.ts';
import { statusOf } from './answer.ts';
import type { ApiContext } from './context.ts';
import { isTrue } from './context.ts';
import { serveExec } from './pod-exec.ts';
import { serveForward } from './pod-forward.ts';
import { serveSpdyForward } from './pod-forward-spdy.ts';
import { containerOf, requireNode } from './pod-log.ts';
import { requireAccess } from './rbac.ts';
import type { ResourceRoute } from './route.ts';
import { resourceRoute } from './route.ts';
import type { Channels, Transport, Upgrader } from './socket-channels.ts';
import { acceptSpdy, byteStream, refuseUpgrade, transportOf } from './socket-channels.ts';
import { badRequest, notFound, unknownPath } from './status.ts';

/** Completes the handshake and serves until the client or the command ends. */
type Serve = (accept: Accept) => Promise<void>;

/** The two ways to complete a handshake. */
interface Accept {
  readonly channels: () => Promise<Channels>;
  readonly spdy: () => Duplex;
}

function forwardedPorts(query: URLSearchParams): number[] {
  const ports = query
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map(Number);
  const good = ports.length > 0 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  if (!good) throw badRequest('query parameter "ports" must name a port');
  return ports;
}

function execOf(context: ApiContext, pod: StoredObject, query: URLSearchParams, transport: Transport): Serve {
  const { namespace = '', name } = pod.metadata;
  const container = containerOf(pod, query.get('container'));
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const phase = valueAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed')
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const stdin = isTrue(query, 'stdin');
  const tty = isTrue(query, 'tty');
  const flags = { stdin, tty, stdout: isTrue(query, 'stdout'), stderr: isTrue(query, 'stderr') };
  const request = { namespace, pod: name, container, command, ...flags };
  if (transport !== 'channels') throw unsupported();
  return async (accept) => {
    const start = () => context.agent.exec(namespace, name, container, command, { stdin, tty });
    await serveExec(await accept.channels(), start, request);
  };
}

const unsupported = (): Error =>
  badRequest('unable to upgrade: only WebSocket with v4.channel.k8s.io or v5.channel.k8s.io is served');

function forwardOf(
  context: ApiContext,
  pod: StoredObject,
  query: URLSearchParams,
  transport: Transport,
): Serve {
  const { namespace = '', name } = pod.metadata;
  const connect = (port: number): Promise<Duplex> => context.agent.forward(namespace, name, port);
  switch (transport) {
    case 'spdy':
      return (accept) => serveSpdyForward(accept.spdy(), connect);
    case 'spdy-tunnel':
      return async (accept) => serveSpdyForward(byteStream(await accept.channels()), connect);
    case 'channels': {
      const ports = forwardedPorts(query);
      return async (accept) => serveForward(await accept.channels(), ports, connect);
    }
  }
}

/**
 * A WebSocket's GET needs `get` (all versions up to 1.34) and `create` (from 1.35 on) of the subresource; asking
 * for both shows Roles that would fail on either.
 * https://github.com/kubernetes/kubernetes/issues/133515
 */
function authorize(context: ApiContext, request: IncomingMessage, route: ResourceRoute): void {
  const identity = context.authenticator.identify(request.headers);
  for (const verb of ['create', 'get']) requireAccess(context.store, identity, accessTo(verb, route));
}

function prepare(context: ApiContext, request: IncomingMessage): Serve {
  const url = new URL(request.url ?? '/', 'http://api');
  const route = resourceRoute(url.pathname);
  const { subresource } = route ?? {};
  if (route === null || (subresource !== 'exec' && subresource !== 'portforward')) throw unknownPath();
  authorize(context, request, route);
  const name = route.name ?? '';
  const pod = context.store.get(route.resource, route.namespace, name);
  if (pod === null) throw notFound(route.resource, name);
  requireNode(pod);
  const transport = transportOf(request);
  if (transport === null) throw unsupported();
  return subresource === 'exec'
    ? execOf(context, pod, url.searchParams, transport)
    : forwardOf(context, pod, url.searchParams, transport);
}

/** Serves exec and port-forward; every refusal is a plain HTTP answer before the handshake. */
export async function answerUpgrade(
  context: ApiContext,
  upgrader: Upgrader,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  let accepted = false;
  const accept: Accept = {
    channels: () => {
      accepted = true;
      return upgrader.accept(request, socket, head);
    },
    spdy: () => {
      accepted = true;
      return acceptSpdy(socket, head);
    },
  };
  try {
    await prepare(context, request)(accept);
  } catch (error) {
    if (accepted) socket.destroy();
    else refuseUpgrade(socket, statusOf(error));
  }
}
