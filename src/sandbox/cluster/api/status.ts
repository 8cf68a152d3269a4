import type { KubeResource } from '../../../ports/kube.ts';
import type { ResourceEntry } from '../resources.ts';
import { qualifiedName } from '../resources.ts';

/** One field's fault, as `details.causes` lists it. */
export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** The machine-readable part of a Status. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The API's answer to a failure: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** A request that fails, with the Status the client gets. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  /** An empty reason is left out. */
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** `details` that name an object: `{name, group, kind}` with the plural as kind, group left out for core. */
function objectDetails(resource: KubeResource, name?: string): StatusDetails {
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

/** 404: no such object. */
export function notFound(resource: KubeResource, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" not found`;
  return new StatusError(404, 'NotFound', message, objectDetails(resource, name));
}

/** 404: no such path. */
export function unknownPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** 405. */
export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, {});
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** 409: the name is taken. */
export function alreadyExists(resource: KubeResource, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, objectDetails(resource, name));
}

/** 409: the object has changed since it was read. */
export function conflict(resource: KubeResource, name: string, why?: string): StatusError {
  const cause =
    why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${cause}`;
  return new StatusError(409, 'Conflict', message, objectDetails(resource, name));
}

/** The client's watch or list position is no longer known. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** 415. */
export function unsupportedMedia(message: string): StatusError {
  return new StatusError(415, 'UnsupportedMediaType', message, {});
}

/** A JSON patch that does not fit: the real API says no more than this. */
export function patchRejected(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

/** 422 with every fault found: `Deployment.apps "x" is invalid: [a, b]`. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Required<StatusCause>[],
): StatusError {
  const title = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const details = {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  };
  return new StatusError(422, 'Invalid', `${title} "${name}" is invalid: ${list}`, details);
}

/** 403 as the RBAC authoriser words it. */
export function forbidden(
  resource: KubeResource,
  name: string,
  message: string,
  causes?: readonly StatusCause[],
): StatusError {
  const subject = name === '' ? qualifiedName(resource) : `${qualifiedName(resource)} "${name}"`;
  const details = { ...objectDetails(resource, name), ...(causes === undefined ? {} : { causes }) };
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${message}`, details);
}

/** The body of a successful DELETE. */
export function deleted(resource: ResourceEntry, name: string, uid: string): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...objectDetails(resource, name), uid },
  };
}
