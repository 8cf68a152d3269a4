import type { ApiRequest } from './context.ts';
import type { StatusCause } from './status.ts';
import { badRequest, invalid, StatusError } from './status.ts';

// The words of kube-apiserver 1.36.3, test/fixtures/captures/kubernetes-1.36.

/** What a client may be answered with: the API's own forms, or anything. */
const served = /json|yaml|protobuf|\*\/\*|application\/\*/;

/** @throws StatusError 406 when the client takes none of the forms that there are */
export function checkAccept({ headers }: Pick<ApiRequest, 'headers'>): void {
  const { accept } = headers;
  if (accept === undefined || served.test(accept)) return;
  const forms =
    'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  const message = `406: Not Acceptable\n\nAvailable representations: ${forms}`;
  throw new StatusError(406, 'NotAcceptable', message, {});
}

const parseError = (name: string, text: string): string =>
  `strconv.${name}: parsing "${text}": invalid syntax`;

function versionError(text: string): string {
  return `resourceVersion: Invalid value: "${text}": ${parseError('ParseUint', text)}`;
}

/** @throws StatusError 400 or 422 for options of a list that cannot be, 504 for a version that is yet to come */
export function checkListOptions({ query }: ApiRequest, current: number): void {
  const limit = query.get('limit') ?? '';
  if (!/^-?\d*$/.test(limit)) throw badRequest(parseError('ParseInt', limit));
  const version = query.get('resourceVersion') ?? '';
  if (version === '' && query.has('resourceVersionMatch')) throw matchWithoutVersion();
  if (!/^\d*$/.test(version)) throw badRequest(`invalid resource version: ${versionError(version)}`);
  checkReached(version, current);
}

/** @throws StatusError 504 when a client has seen a version that this server has not */
export function checkReached(version: string, current: number): void {
  if (!(Number(version) > current)) return;
  const message = `Timeout: Too large resource version: ${version}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  throw new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}

/** @throws StatusError 500, without a reason, as the real server has it */
export function checkWatchVersion(version: string): void {
  if (!/^\d*$/.test(version)) throw new StatusError(500, '', versionError(version));
}

function matchWithoutVersion(): StatusError {
  const message = 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided';
  return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueForbidden', message, field: 'resourceVersionMatch' },
  ]);
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
};

/** @throws StatusError 422 for a dry run or a validation that there is not */
export function checkWriteOptions({ method, query }: ApiRequest): void {
  const kind = optionKinds[method];
  if (kind === undefined) return;
  const causes = [...dryRunCauses(query), ...validationCauses(query)];
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', causes);
}

function dryRunCauses(query: URLSearchParams): Required<StatusCause>[] {
  const asked = query.getAll('dryRun').filter((each) => each !== '');
  if (asked.every((each) => each === 'All')) return [];
  return [notSupported('dryRun', JSON.stringify(asked), '"All"')];
}

function validationCauses(query: URLSearchParams): Required<StatusCause>[] {
  const asked = query.get('fieldValidation') ?? '';
  if (['', 'Ignore', 'Strict', 'Warn'].includes(asked)) return [];
  return [notSupported('fieldValidation', `"${asked}"`, '"", "Ignore", "Strict", "Warn"')];
}

function notSupported(field: string, value: string, choices: string): Required<StatusCause> {
  const message = `Unsupported value: ${value}: supported values: ${choices}`;
  return { reason: 'FieldValueNotSupported', message, field };
}
