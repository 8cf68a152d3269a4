import type { ErrorCode } from '../../errors/catalog.ts';
import type { Fix } from '../../errors/error.ts';
import { LfctlError } from '../../errors/error.ts';
import type { ObjectsTarget } from '../../ports/objects.ts';
import { codeOf, DialError, errorLine, networkFailure } from '../net/network-error.ts';
import type { StorePlace } from '../net/store-error.ts';
import { connectionError, storeError } from '../net/store-error.ts';
import { endpointOf } from './endpoint.ts';
import { NotS3 } from './transport.ts';

/** The store answers and has no such bucket. */
export class NoBucket extends Error {
  override readonly name = 'NoBucket';
  readonly code = 'NoSuchBucket';

  constructor(bucket: string) {
    super(`there is no bucket ${bucket}`);
  }
}

/** An object is longer than the caller wants. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';

  constructor(key: string, limitBytes: number) {
    super(`object ${key} is longer than ${limitBytes} bytes`);
  }
}

/** S3's own codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const codes: Readonly<Record<string, ErrorCode>> = {
  SignatureDoesNotMatch: 'OBJECTS_AUTH',
  InvalidAccessKeyId: 'OBJECTS_AUTH',
  InvalidToken: 'OBJECTS_AUTH',
  ExpiredToken: 'OBJECTS_AUTH',
  AuthorizationHeaderMalformed: 'OBJECTS_FAILED',
  NoSuchBucket: 'OBJECTS_BUCKET',
  InvalidBucketName: 'OBJECTS_BUCKET',
  RequestTimeTooSkewed: 'OBJECTS_CLOCK',
  RequestExpired: 'OBJECTS_CLOCK',
  AccessDenied: 'OBJECTS_FORBIDDEN',
  AllAccessDisabled: 'OBJECTS_FORBIDDEN',
};

function objectsPlace(target: ObjectsTarget): StorePlace {
  const { host, port } = endpointOf(target);
  return { prefix: 'OBJECTS', title: 'the object store', host, port, secrets: [target.secretAccessKey] };
}

/** Whether the store has no such request. */
export const isNotOffered = (error: unknown): boolean =>
  ['NotImplemented', 'MethodNotAllowed'].includes(codeOf(error) ?? '');

/** Whether an object (not its bucket) is not there. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(codeOf(error) ?? '');
}

/** What any failure of an object store becomes. */
export function objectsError(target: ObjectsTarget, error: unknown): LfctlError {
  const at = objectsPlace(target);
  const line = errorLine(error);
  const code = codeOf(error);
  if (error instanceof NotS3) return storeError(at, 'OBJECTS_ANSWER', `the answer is not S3's but ${line}`);
  if (error instanceof TooLarge) return storeError(at, 'OBJECTS_FAILED', line);
  const status = /Retryable HTTP status: (\d+)/.exec(line)?.[1];
  if (status !== undefined) return storeError(at, 'OBJECTS_FAILED', `it answers HTTP ${status}`);
  // minio-js refuses names that S3 does not allow before it asks.
  if (line.startsWith('Invalid bucket name')) return storeError(at, 'OBJECTS_BUCKET', line);
  const known = code === null ? undefined : codes[code];
  if (known !== undefined) return storeError(at, known, `${line} (${code})`, fixesOf(code ?? '', target));
  if (code === 'HPE_INVALID_CONSTANT') return storeError(at, 'OBJECTS_ANSWER', 'it does not speak HTTP');
  const network = connectionError(at, asConnectionError(error, line));
  if (network?.code === 'OBJECTS_UNKNOWN_HOST' && !target.pathStyle) return withPathStyleFix(network);
  if (network !== null) return network;
  if (code !== null) return storeError(at, 'OBJECTS_FAILED', `${line} (${code})`);
  return storeError(at, 'OBJECTS_ANSWER', `the answer is not S3's: ${line || 'empty'}`);
}

function asConnectionError(error: unknown, line: string): unknown {
  return networkFailure(error) === null && /^aborted$|socket hang up/.test(line)
    ? new DialError('ECONNRESET', 'the connection was closed within an answer')
    : error;
}

function fixesOf(code: string, target: ObjectsTarget): Fix[] {
  if (code !== 'AuthorizationHeaderMalformed') return [];
  return [{ text: `correct LANGFUSE_S3_EVENT_UPLOAD_REGION (now ${target.region})` }];
}

/** Virtual-host style asks for a host BUCKET.ENDPOINT, which MinIO and most private stores do not have. */
function withPathStyleFix(error: LfctlError): LfctlError {
  const fix = {
    text: 'set LANGFUSE_S3_EVENT_UPLOAD_FORCE_PATH_STYLE=true unless the store has a host per bucket',
  };
  return new LfctlError(error.code, { message: error.message, fixes: [fix] });
}
