import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline, Transform } from 'node:stream';

/** Lists and error pages are parsed whole; a page of 1000 keys has about 0.5 MiB. Objects have their own limits. */
const answerLimitBytes = 64 * 1024 * 1024;

type Answer = (answer: IncomingMessage) => void;

/** The part of node:http(s) that minio uses, with a signal for each request and a limit for what is kept in memory. */
export function limitedTransport(tls: boolean, signal: AbortSignal): Pick<typeof http, 'request'> {
  const send = (options: RequestOptions, deliver: Answer): ClientRequest => {
    const answered = (answer: IncomingMessage): void => {
      if (isWebPage(answer)) request.destroy(new NotS3(`a web page (HTTP ${answer.statusCode ?? 0})`));
      else deliver(isObject(answer) ? answer : limited(answer));
    };
    const request = (tls ? https : http).request({ ...options, signal }, answered);
    return request;
  };
  return { request: send as typeof http.request };
}

/** S3 never answers in HTML; a page before it does, and to a HEAD its 200 or 404 looks like S3's own. */
function isWebPage(answer: IncomingMessage): boolean {
  const { statusCode = 0, headers } = answer;
  return statusCode < 500 && (headers['content-type'] ?? '').startsWith('text/html');
}

/** Something else than an object store answered. */
export class NotS3 extends Error {
  override readonly name = 'NotS3';
}

/** XML and HTML are listings and errors; anything else is an object's body, streamed by the caller. */
function isObject(answer: IncomingMessage): boolean {
  return answer.statusCode === 200 && !/xml|html/.test(answer.headers['content-type'] ?? '');
}

function limited(answer: IncomingMessage): IncomingMessage {
  let sizeBytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      const over = sizeBytes > answerLimitBytes;
      done(over ? new Error('the answer is longer than 64 MiB') : null, over ? undefined : chunk);
    },
  });
  pipeline(answer, counted, () => undefined);
  const { statusCode, headers } = answer;
  return Object.assign(counted, { statusCode, headers }) as unknown as IncomingMessage;
}
