import http from 'node:http';
import https from 'node:https';
import { addressOf, type ToolContext } from './tool.ts';

/** A request of curl or wget. */
export interface ToolRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly insecure?: boolean;
}

/** Its answer, with the whole body. */
export interface ToolResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** One request from inside the container. @throws errors with Node's codes: ENOTFOUND, ECONNREFUSED, ETIMEDOUT */
export async function request(context: ToolContext, { url, ...wanted }: ToolRequest): Promise<ToolResponse> {
  const secure = url.protocol === 'https:';
  const address = await addressOf(context, url.hostname);
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? https : http).request({
      host: address,
      ...(secure ? { servername: url.hostname, rejectUnauthorized: wanted.insecure !== true } : {}),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method: wanted.method,
      headers: { host: url.host, ...wanted.headers },
      agent: false,
      signal: context.stopping,
    });
    if (wanted.timeoutMs !== undefined) {
      const late = Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
      const timer = setTimeout(() => outgoing.destroy(late), wanted.timeoutMs);
      outgoing.on('close', () => clearTimeout(timer));
    }
    outgoing.on('error', reject).on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          headers: pairs(response.rawHeaders),
          body: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    outgoing.end(wanted.body);
  });
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}

/** `Name: value` lines as headers. */
export function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** A URL as people write it, without a scheme. */
export function urlOf(text: string): URL {
  return new URL(/^[a-z]+:\/\//.test(text) ? text : `http://${text}`);
}
