import { hmac, sha256, signingKey } from '../../../src/sandbox/programs/objects/signature.ts';
import { accessKey, secretKey } from './store-run.ts';

/** Headers of a signed request that is made by hand. */
export interface SignedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** What the signatures of single chunks go on from. */
  readonly signature: string;
  readonly key: Buffer;
  readonly date: string;
  readonly scope: string;
}

/** Signs as SDKs do: host, date and payload, and whatever else is given. */
export function sign(
  method: string,
  host: string,
  path: string,
  payload: string,
  more: Readonly<Record<string, string>> = {},
  at: Date = new Date(),
): SignedHeaders {
  const date = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = date.slice(0, 8);
  const headers: Record<string, string> = {
    host,
    'x-amz-content-sha256': payload,
    'x-amz-date': date,
    ...more,
  };
  const names = Object.keys(headers).sort();
  const [plain = '', query = ''] = path.split('?');
  const canonical = [
    method,
    plain,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    payload,
  ].join('\n');
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const key = signingKey(secretKey, day, 'us-east-1', 's3');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers: { ...headers, authorization }, signature, key, date, scope };
}
