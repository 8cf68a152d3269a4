import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { sendEmpty } from './answers.ts';
import { S3Error } from './errors.ts';
import { header } from './request.ts';
import type { S3Request } from './request.ts';
import type { Exchange } from './handler.ts';
import { hmac, same, signingKey } from './signature.ts';
import type { Credentials } from './signature.ts';

/** Forms come from browsers and are held in memory; S3 itself allows 5 GiB. */
const largestFormBytes = 16 * 1024 * 1024;

/** Whether this is a browser's form: its signature is in the form. */
export function isFormUpload(request: S3Request): boolean {
  return (
    request.method === 'POST' &&
    request.key === '' &&
    (header(request, 'content-type') ?? '').startsWith('multipart/form-data')
  );
}

/** POST of a form with a signed policy. */
export async function formUpload({
  request,
  response,
  store,
  account,
}: Omit<Exchange, 'signed'>): Promise<void> {
  const bucket = store.bucket(request.bucket);
  const form = await readForm(request);
  checkPolicy(form, account, store.clock());
  const file = form.get('file');
  const key = fieldOf(form, 'key');
  if (file === undefined || key === '') throw new S3Error('MalformedPOSTRequest');
  const id = randomUUID();
  await writeFile(store.blobPath(id), file);
  const version = store.putVersion(bucket, key, {
    deleteMarker: false,
    etag: createHash('md5').update(file).digest('hex'),
    sizeBytes: file.length,
    blobs: [{ id, sizeBytes: file.length }],
    contentType: fieldOf(form, 'content-type') || 'application/octet-stream',
    metadata: {},
    checksums: {},
  });
  sendEmpty(response, 204, { ETag: `"${version.etag}"` });
}

function checkPolicy(form: ReadonlyMap<string, Buffer>, account: Credentials, nowMs: number): void {
  const [id, day = '', region = '', service = ''] = fieldOf(form, 'x-amz-credential').split('/');
  if (id === '') throw new S3Error('AccessDenied');
  if (id !== account.accessKeyId) throw new S3Error('InvalidAccessKeyId');
  const policy = fieldOf(form, 'policy');
  const expected = hmac(signingKey(account.secretAccessKey, day, region, service), policy).toString('hex');
  if (!same(expected, fieldOf(form, 'x-amz-signature'))) throw new S3Error('SignatureDoesNotMatch');
  const expiry = /"expiration"\s*:\s*"([^"]+)"/.exec(Buffer.from(policy, 'base64').toString())?.[1];
  if (expiry !== undefined && Date.parse(expiry) < nowMs)
    throw new S3Error('AccessDenied', 'Invalid according to Policy: Policy expired');
}

function fieldOf(form: ReadonlyMap<string, Buffer>, name: string): string {
  return form.get(name)?.toString() ?? '';
}

async function readForm(request: S3Request): Promise<ReadonlyMap<string, Buffer>> {
  const boundary = /boundary="?([^";]+)"?/.exec(header(request, 'content-type') ?? '')?.[1];
  if (boundary === undefined) throw new S3Error('MalformedPOSTRequest');
  const body = (await readLimited(request)).toString('latin1');
  const form = new Map<string, Buffer>();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const gap = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(part.slice(0, Math.max(gap, 0)))?.[1];
    if (name === undefined) throw new S3Error('MalformedPOSTRequest');
    form.set(name.toLowerCase(), Buffer.from(part.slice(gap + 4, -2), 'latin1'));
  }
  return form;
}

async function readLimited(request: S3Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.message as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > largestFormBytes) throw new S3Error('EntityTooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
