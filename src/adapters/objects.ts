import { Client } from 'minio';
import type { Access } from '../ports/dialer.ts';
import type { ObjectEntry, ObjectsPort, ObjectsTarget, OpenObjects } from '../ports/objects.ts';
import { dialAgent } from './net/dial-agent.ts';
import { within } from './net/deadline.ts';
import type { ProxyEnv } from './net/proxy.ts';
import { endpointOf } from './objects/endpoint.ts';
import { isMissing, isNotOffered, NoBucket, objectsError, TooLarge } from './objects/failure.ts';
import { limitedTransport } from './objects/transport.ts';

/** minio-js holds a whole body of unknown size in memory when it may be one part. */
const partSizeBytes = 16 * 1024 * 1024;

type Agent = ReturnType<typeof dialAgent>;
type Call = <Value>(step: (client: Client, signal: AbortSignal) => Promise<Value>) => Promise<Value>;

/** Makes clients; HTTPS_PROXY of the environment holds for https endpoints that are reached directly. */
export function objectsOpener(proxyEnv?: ProxyEnv): OpenObjects {
  return async (target, access) => {
    const tls = endpointOf(target).tls ? { certificateAuthority: target.certificateAuthority } : null;
    const agent = dialAgent(access, { tls, proxyEnv });
    return await Promise.resolve(port(target, caller(target, access, agent), agent));
  };
}

/** Each call has a client of its own, so that its deadline ends its own requests; the connections are shared. */
function caller(target: ObjectsTarget, access: Access, agent: Agent): Call {
  return async (step) => {
    try {
      return await within(access.queryTimeoutMs, access.signal, (signal) =>
        step(makeClient(target, agent, signal), signal),
      );
    } catch (error) {
      throw objectsError(target, error);
    }
  };
}

function makeClient(target: ObjectsTarget, agent: Agent, signal: AbortSignal): Client {
  const { host, port, tls } = endpointOf(target);
  const { accessKeyId, secretAccessKey } = target;
  return new Client({
    endPoint: host,
    port,
    useSSL: tls,
    region: target.region,
    pathStyle: target.pathStyle,
    partSize: partSizeBytes,
    // Its retries print to stderr and outlive the deadline.
    retryOptions: { disableRetry: true },
    transport: limitedTransport(tls, signal),
    transportAgent: agent,
    ...(accessKeyId === undefined ? {} : { accessKey: accessKeyId }),
    ...(secretAccessKey === undefined ? {} : { secretKey: secretAccessKey.reveal() }),
  });
}

function port(target: ObjectsTarget, call: Call, agent: Agent): ObjectsPort {
  const { bucket } = target;
  return {
    headBucket: async () => await call((client) => headBucket(client, bucket)),
    list: async (prefix, limit) => await call((client) => list(client, bucket, prefix, limit)),
    stat: async (key) => await call((client) => stat(client, bucket, key)),
    get: async (key, limitBytes) => await call((client) => get(client, bucket, key, limitBytes)),
    put: async (key, body) =>
      await call(async (client) => void (await client.putObject(bucket, key, body, body.length))),
    remove: async (key) => await call(async (client) => await client.removeObject(bucket, key)),
    removeAll: async (keys) => {
      for (let from = 0; from < keys.length; from += mostAtOnce)
        await call((client) => removeMany(client, bucket, keys.slice(from, from + mostAtOnce)));
    },
    close: () => agent.destroy(),
  };
}

/** S3 takes so many keys in one request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const mostAtOnce = 1000;

/** The answer is 200 and names what was not removed. Not every store with S3's protocol has this request. */
async function removeMany(client: Client, bucket: string, keys: readonly string[]): Promise<void> {
  try {
    const [first] = await client.removeObjects(bucket, [...keys]);
    const refusal: unknown = first;
    if (refusal !== undefined) throw Object.assign(new Error(), refusedKey(refusal));
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    for (const key of keys) await client.removeObject(bucket, key);
  }
}

function refusedKey(refusal: unknown): { readonly code: string; readonly message: string } {
  const { Code, Message, Key } = refusal as Readonly<Record<'Code' | 'Message' | 'Key', unknown>>;
  return { code: String(Code), message: `${String(Message)}: ${String(Key)}` };
}

/** HEAD has no body that names the reason of a refusal; the same question as a GET has. */
async function headBucket(client: Client, bucket: string): Promise<void> {
  let exists: boolean;
  try {
    exists = await client.bucketExists(bucket);
  } catch (error) {
    await list(client, bucket, '', 1);
    throw error;
  }
  if (!exists) throw new NoBucket(bucket);
}

interface Listed {
  readonly name?: string;
  readonly size: number;
  readonly lastModified?: Date;
}

async function list(client: Client, bucket: string, prefix: string, limit: number): Promise<ObjectEntry[]> {
  const found: ObjectEntry[] = [];
  if (limit <= 0) return found;
  for await (const item of client.listObjectsV2(bucket, prefix, true) as AsyncIterable<Listed>) {
    if (item.name === undefined) continue;
    const modifiedAt = (item.lastModified ?? new Date(0)).toISOString();
    found.push({ key: item.name, sizeBytes: item.size, modifiedAt });
    if (found.length >= limit) break;
  }
  return found;
}

async function stat(client: Client, bucket: string, key: string): Promise<ObjectEntry | null> {
  try {
    const { size, lastModified } = await client.statObject(bucket, key);
    return { key, sizeBytes: size, modifiedAt: lastModified.toISOString() };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function get(client: Client, bucket: string, key: string, limitBytes: number): Promise<Buffer> {
  const stream = await client.getObject(bucket, key);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (sizeBytes > limitBytes) throw new TooLarge(key, limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
