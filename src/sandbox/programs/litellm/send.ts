import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** An answer, cut at a length that is enough for an error's text. */
export interface SendAnswer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** A POST, or a GET where there is no body; and how long it may take. */
export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
  readonly timeoutMs: number;
  /** The cluster's resolver. */
  readonly resolve: (hostname: string) => Promise<string>;
}

const longestBody = 64 * 1024;

/** Sends one request. @throws Error with `code` ENOTFOUND, ECONNREFUSED, ETIMEDOUT … */
export function send(url: URL, options: SendOptions): Promise<SendAnswer> {
  const { body } = options;
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        ...options.headers,
        ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
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
        (text) =>
          resolve({ status: message.statusCode ?? 0, reason: message.statusMessage ?? '', body: text }),
        reject,
      );
    });
    request.end(body ?? undefined);
  });
}

/** Node's lookup by another resolver. */
function lookupWith(resolve: SendOptions['resolve']): LookupFunction {
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
