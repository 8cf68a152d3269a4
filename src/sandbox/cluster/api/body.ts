import type { IncomingMessage } from 'node:http';
import type { Fields } from '../fields.ts';
import { isFields } from '../fields.ts';
import { decodeProtobuf } from './protobuf.ts';
import { badRequest, StatusError } from './status.ts';

/** As the real API server: --max-request-body-bytes 3 MiB. */
const bodyLimitBytes = 3 * 1024 * 1024;

const tooLarge = (): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimitBytes}`, {});

/**
 * The whole body. What comes after the limit is read and dropped, so that the client gets to see the answer.
 * @throws StatusError 413 as soon as it grows over the limit
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let sizeBytes = 0;
    const check = (): void => {
      if (Math.max(sizeBytes, Number(request.headers['content-length'] ?? 0)) <= bodyLimitBytes) return;
      chunks = [];
      reject(tooLarge());
    };
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= bodyLimitBytes) chunks.push(chunk);
      check();
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(badRequest('the client went away in the middle of the body')));
    check();
  });
}

async function parseText(text: string): Promise<unknown> {
  try {
    if (/^\s*[[{]/.test(text)) return JSON.parse(text) as unknown;
    const { parseYaml } = await import('../../../deployment/yaml.ts');
    return parseYaml(text) as unknown;
  } catch {
    // The parsers' own messages quote the body, which may hold a Secret.
    throw badRequest('error decoding the request body: it is neither JSON nor YAML');
  }
}

/** JSON, YAML, or the few protobuf messages that typed clients send. @throws StatusError 400, 415 */
export async function parseBody(body: Buffer): Promise<unknown> {
  if (body.length === 0) return undefined;
  if (body.subarray(0, 4).toString('latin1') === 'k8s\0') return decodeProtobuf(body.subarray(4));
  return parseText(body.toString('utf8'));
}

/**
 * A body that must be one object.
 * @param kind what the message says it should have been
 * @throws StatusError 400
 */
export async function parseObject(body: Buffer, kind = 'Object'): Promise<Fields> {
  const parsed = await parseBody(body).catch((error: unknown) => {
    throw error instanceof StatusError && error.status.code === 400 ? unrecognized(kind) : error;
  });
  if (!isFields(parsed)) throw unrecognized(kind);
  return parsed;
}

/** The real server quotes the body here; this one does not, as it may hold a Secret. */
const unrecognized = (kind: string): StatusError =>
  badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error`,
  );
