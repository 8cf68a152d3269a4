import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** An answer, cut at a length that is enough for an error's text. */
export interface PostAnswer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** A POST of JSON, and how long it may take. */
export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** The cluster's resolver. */
  readonly resolve: (hostname: string) => Promise<string>;
}

const longestBody = 64 * 1024;

/** Sends a POST. @throws Error with `code` ENOTFOUND, ECONNREFUSED, ETIMEDOUT … */
export function post(url: URL, options: PostOptions): Promise<PostAnswer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      headers: { ...options.headers, 'content-length': String(Buffer.byteLength(options.body)) },
      lookup: lookupWith(options.resolve),
      timeout: options.timeoutMs,
      agent: false,
    });
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
    );
    request.on('error', reject);
    request.on('response', (message) => {
      readText(message).then(
        (body) => resolve({ status: message.statusCode ?? 0, reason: message.statusMessage ?? '', body }),
        reject,
      );
    });
    request.end(options.body);
  });
}

/** Node's lookup by another resolver. */
function lookupWith(resolve: PostOptions['resolve']): LookupFunction {
  const look = async (hostname: string, all: boolean, done: Parameters<LookupFunction>[2]): Promise<void> => {
    try {
      const address = await resolve(hostname);
      if (all) done(null, [{ address, family: 4 }]);
      else done(null, address, 4);
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error('lookup failed'), '', 4);
    }
  };
  return (hostname, { all }, done) => void look(hostname, all === true, done);
}

async function readText(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) if (text.length < longestBody) text += String(chunk);
  return text;
}
