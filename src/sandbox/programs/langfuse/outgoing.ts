import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { lookupThrough, type Resolve } from './network.ts';

interface OutgoingRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
  /** Without an answer until then, rejects with `Timeout error.` */
  readonly timeoutMs?: number;
}

/** An HTTP answer with its whole body. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** HTTP to addresses that the cluster's names give. */
export interface HttpClient {
  readonly send: (url: URL, request: OutgoingRequest) => Promise<OutgoingAnswer>;
  readonly close: () => void;
}

/** HTTP with kept connections whose names go through the cluster's resolver; failures are Node's own errors. */
export function httpClient(resolve: Resolve, maxSockets: number): HttpClient {
  const lookup = lookupThrough(resolve);
  const plain = new Agent({ keepAlive: true, maxSockets, timeout: 30_000 });
  const tls = new TlsAgent({ keepAlive: true, maxSockets, timeout: 30_000 });
  const send = async (url: URL, request: OutgoingRequest): Promise<OutgoingAnswer> =>
    await new Promise((settle, fail) => {
      const secure = url.protocol === 'https:';
      const open = secure ? httpsRequest : httpRequest;
      const { method, headers = {}, body, timeoutMs = 30_000 } = request;
      const sent = open(url, { method, headers, lookup, agent: secure ? tls : plain }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', fail);
        answer.on('end', () =>
          settle({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', fail);
      sent.setTimeout(timeoutMs, () => sent.destroy(new Error('Timeout error.')));
      sent.end(body);
    });
  return {
    send,
    close: () => {
      plain.destroy();
      tls.destroy();
    },
  };
}

/** Whether the error is the network's (no answer at all), not the server's. */
export function isNetworkError(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return /^E[A-Z_]+$/.test(code) || /socket hang up|Timeout error/.test(cause.message);
}
