import type { ErrorCode } from '../../errors/catalog.ts';
import type { Fix } from '../../errors/error.ts';
import { LfctlError } from '../../errors/error.ts';
import type { KubeContext } from '../../ports/kube.ts';
import { asLfctlError, errorLine, firstLine, networkFailure } from '../net/network-error.ts';
import type { Doing } from './request.ts';

/** Body of a refusal: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
interface StatusBody {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
}

function statusOf(text: string): StatusBody | null {
  try {
    const body = JSON.parse(text) as StatusBody | null;
    return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status'
      ? body
      : null;
  } catch {
    return null;
  }
}

function where(context: KubeContext): string {
  const proxy = context.proxy === undefined ? '' : ` through the proxy ${context.proxy}`;
  return `the Kubernetes API at ${new URL(context.server).host}${proxy}`;
}

/** `forbidden: list pods in hyperplane-langfuse` */
function forbiddenText(doing: Doing): string {
  const everywhere = doing.verb === 'list' ? 'all namespaces' : 'the cluster';
  const place = doing.namespace ?? everywhere;
  return `forbidden: ${doing.verb} ${doing.resource} in ${place}`;
}

/** What an answer other than success becomes. */
export function answerError(context: KubeContext, doing: Doing, status: number, text: string): LfctlError {
  const body = statusOf(text);
  if (status === 401) return unauthorized(context);
  if (status === 403) return forbidden(doing, body);
  const said = body?.message ?? `HTTP ${status}, and no answer of Kubernetes: ${firstLine(text) || 'empty'}`;
  return new LfctlError(codeOfStatus(status), { message: `${where(context)}: ${firstLine(said)}` });
}

function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 404:
      return 'KUBE_NOT_FOUND';
    case 409:
      return 'KUBE_CONFLICT';
    case 504:
      return 'KUBE_TIMEOUT';
    default:
      return 'KUBE_API';
  }
}

function unauthorized(context: KubeContext): LfctlError {
  return new LfctlError('KUBE_UNAUTHORIZED', {
    message: `${where(context)} does not accept the credentials of context ${context.name} (401): expired or wrong`,
  });
}

/** The server's own words name the exact right, also where one call needs another than one thinks. */
function forbidden(doing: Doing, body: StatusBody | null): LfctlError {
  const [, verb, resource] = /cannot (\S+) resource "([^"]+)"/.exec(body?.message ?? '') ?? [];
  const exact: Doing = {
    verb: verb ?? doing.verb,
    resource: resource === undefined || doing.resource.startsWith(`${resource}.`) ? doing.resource : resource,
    namespace: doing.namespace,
  };
  return new LfctlError('KUBE_FORBIDDEN', { message: forbiddenText(exact), fixes: [canI(exact)] });
}

function canI({ verb, resource, namespace }: Doing): Fix {
  const [name, sub] = resource.split('/');
  const part = sub === undefined ? '' : ` --subresource=${sub}`;
  const place = namespace === null ? '--all-namespaces' : `-n ${namespace}`;
  return { text: 'see it yourself', command: `kubectl auth can-i ${verb} ${name}${part} ${place}` };
}

/** What a request without an answer becomes. */
export function brokenError(context: KubeContext, error: unknown): LfctlError {
  const own = asLfctlError(error);
  if (own !== null) return own;
  const failure = networkFailure(error);
  const at = where(context);
  switch (failure?.kind) {
    case undefined:
      return new LfctlError('KUBE_API', {
        message: `${at}: ${errorLine(error) || 'failed without a message'}`,
      });
    case 'TIMEOUT':
      return new LfctlError('KUBE_TIMEOUT', { message: `${at}: ${failure?.text ?? ''}` });
    case 'TLS':
      return new LfctlError('KUBE_TLS', { message: `${at}: ${failure?.text ?? ''}` });
    default:
      return new LfctlError('KUBE_UNREACHABLE', { message: `${at}: ${failure?.text ?? ''}` });
  }
}
