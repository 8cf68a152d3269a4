import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { messageOf, type Log } from './log.ts';
import type { Resolve } from './network.ts';
import { httpClient, isNetworkError, type HttpClient, type OutgoingAnswer } from './outgoing.ts';
import type { Settings } from './settings.ts';
import { escapedKey, presignedUrl, signedHeaders, type S3Credentials } from './sigv4.ts';

interface StoredObject {
  readonly key: string;
  readonly lastModified: Date;
}

/** One of Langfuse's buckets; failures are logged with the S3 error, and thrown as the operation that failed. */
export interface Objects {
  readonly bucket: string;
  readonly prefix: string;
  readonly uploadJson: (key: string, value: unknown) => Promise<void>;
  readonly uploadFile: (key: string, text: string, contentType: string) => Promise<void>;
  readonly download: (key: string) => Promise<string>;
  readonly list: (prefix: string) => Promise<StoredObject[]>;
  readonly remove: (keys: readonly string[]) => Promise<void>;
  readonly uploadUrl: (key: string, headers: Readonly<Record<string, string>>) => string;
  readonly downloadUrl: (key: string, expirySeconds: number) => string;
  readonly close: () => void;
}

/** An error body of S3. */
class S3Error extends Error {
  override readonly name: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

type Family = 'EVENT_UPLOAD' | 'MEDIA_UPLOAD';

/** Opens the bucket of a family of variables, `LANGFUSE_S3_<FAMILY>_*`. */
export function openObjects(settings: Settings, family: Family, resolve: Resolve, log: Log): Objects {
  const text = (name: string): string | undefined => settings.text(`LANGFUSE_S3_${family}_${name}`);
  const bucket = text('BUCKET') ?? '';
  const http = httpClient(resolve, settings.number('LANGFUSE_S3_CONCURRENT_WRITES', 50));
  const credentials = credentialsOf(settings, text);
  const base = bucketUrl(
    bucket,
    text('REGION') ?? 'us-east-1',
    text('ENDPOINT'),
    text('FORCE_PATH_STYLE') === 'true',
  );
  const place = (key: string): URL => new URL(`${base.href}${escapedKey(key)}`);
  return {
    bucket,
    prefix: text('PREFIX') ?? '',
    ...loggedCalls({ http, credentials, base }, log),
    uploadUrl: (key, headers) => presignedUrl(credentials, 'PUT', place(key), 3600, headers),
    downloadUrl: (key, expirySeconds) => presignedUrl(credentials, 'GET', place(key), expirySeconds),
    close: http.close,
  };
}

function credentialsOf(settings: Settings, text: (name: string) => string | undefined): S3Credentials {
  const region = text('REGION') ?? 'us-east-1';
  return {
    accessKeyId: text('ACCESS_KEY_ID') ?? settings.text('AWS_ACCESS_KEY_ID') ?? '',
    secretAccessKey: text('SECRET_ACCESS_KEY') ?? settings.text('AWS_SECRET_ACCESS_KEY') ?? '',
    // AWS' own "auto" and MinIO's default differ only in the signature's scope.
    region: region === 'auto' ? 'us-east-1' : region,
  };
}

/** The calls with the log lines that Langfuse's StorageService gives to failures. */
function loggedCalls(
  place: Place,
  log: Log,
): Pick<Objects, 'uploadJson' | 'uploadFile' | 'download' | 'list' | 'remove'> {
  const say = async <Result>(what: string, about: string, work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof S3Error && /Access|Signature/.test(error.name))
        log.warn('S3 request failed; emitting diagnostics');
      log.error(`${what} ${about} ${messageOf(error)}`, error);
      throw new Error(what, { cause: error });
    }
  };
  return {
    uploadJson: async (key, value) =>
      await say('Failed to upload JSON to S3', key, put(place, key, JSON.stringify(value))),
    uploadFile: async (key, text, contentType) =>
      await say('Failed to upload file to', key, put(place, key, text, contentType)),
    download: async (key) => await say('Failed to download file from S3', key, get(place, key)),
    list: async (prefix) => await say('Failed to list files from S3', prefix, listAll(place, prefix)),
    remove: async (keys) =>
      await say('Failed to delete files from S3', keys.join(', '), removeAll(place, keys)),
  };
}

/** Virtual-host style unless forced; an address has no subdomains, so the SDK falls back to path style there. */
function bucketUrl(bucket: string, region: string, endpoint: string | undefined, pathStyle: boolean): URL {
  const given = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = new URL(URL.canParse(given) ? given : `http://${given}`);
  if (pathStyle || isIP(url.hostname) !== 0) return new URL(`${url.origin}/${bucket}/`);
  url.hostname = `${bucket}.${url.hostname}`;
  return new URL(`${url.origin}/`);
}

interface Place {
  readonly http: HttpClient;
  readonly credentials: S3Credentials;
  readonly base: URL;
}

async function put(place: Place, key: string, body: string, contentType = 'application/json'): Promise<void> {
  await call(place, 'PUT', escapedKey(key), body, { 'content-type': contentType });
}

async function get(place: Place, key: string): Promise<string> {
  return (await call(place, 'GET', escapedKey(key), '')).body.toString();
}

async function listAll(place: Place, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix });
    if (token !== undefined) query.set('continuation-token', token);
    const xml = (await call(place, 'GET', `?${query.toString()}`, '')).body.toString();
    for (const [, entry = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs))
      found.push({ key: tag(entry, 'Key') ?? '', lastModified: new Date(tag(entry, 'LastModified') ?? 0) });
    token = tag(xml, 'IsTruncated') === 'true' ? tag(xml, 'NextContinuationToken') : undefined;
  } while (token !== undefined);
  return found;
}

async function removeAll(place: Place, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += 1000) {
    const entries = keys
      .slice(start, start + 1000)
      .map((key) => `<Object><Key>${entities(key)}</Key></Object>`);
    const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${entries.join('')}</Delete>`;
    const md5 = createHash('md5').update(body).digest('base64');
    const answer = await call(place, 'POST', '?delete=', body, {
      'content-md5': md5,
      'content-type': 'application/xml',
    });
    const failure = /<Error>(.*?)<\/Error>/s.exec(answer.body.toString())?.[1];
    if (failure !== undefined)
      throw new S3Error(tag(failure, 'Code') ?? 'Error', tag(failure, 'Message') ?? failure);
  }
}

/** The SDK tries three times when no answer comes. */
const attempts = 3;

async function call(
  { http, credentials, base }: Place,
  method: string,
  rest: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OutgoingAnswer> {
  const url = new URL(`${base.href}${rest}`);
  for (let attempt = 1; ; attempt++) {
    try {
      const signed = signedHeaders(credentials, method, url, headers, body);
      const answer = await http.send(url, {
        method,
        headers: { ...signed, 'content-length': Buffer.byteLength(body) },
        body,
      });
      if (answer.status < 300) return answer;
      throw s3Error(answer);
    } catch (error) {
      if (attempt === attempts || !isNetworkError(error)) throw error;
      await new Promise((wake) => setTimeout(wake, 30 * attempt));
    }
  }
}

function s3Error(answer: OutgoingAnswer): S3Error {
  const text = answer.body.toString();
  const code = tag(text, 'Code');
  if (code === undefined) return new S3Error('UnknownError', `UnknownError (HTTP ${answer.status})`);
  return new S3Error(code, tag(text, 'Message') ?? code);
}

function tag(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1];
  return inner
    ?.replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(?:39|x27);|&apos;/g, "'")
    .replace(/&amp;/g, '&');
}

function entities(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
