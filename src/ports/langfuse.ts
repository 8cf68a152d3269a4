import type { Secret } from '../deployment/secret.ts';
import type { Access } from './dialer.ts';

/** One HTTP answer, as far as checks need it. */
export interface HttpAnswer {
  readonly status: number;
  /** Whole milliseconds from request to the end of the body. */
  readonly ms: number;
  /** `timeout=N` of the Keep-Alive header, in seconds; null when the header is absent. */
  readonly keepAliveSeconds: number | null;
  readonly contentType: string | null;
  /** Where a redirect leads; absent without one. */
  readonly location?: string;
  /** Who says to have answered, by the Server header; Langfuse itself sends none. */
  readonly server?: string;
  /** Body as text, cut at 64 KiB. */
  readonly body: string;
  /** True when the body was longer than that. */
  readonly truncated: boolean;
}

/** A request that is more than a GET. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Added to the path of the base URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Where an HTTP server of the deployment listens. */
export interface LangfuseTarget {
  /** Base URL: the pod's, the Service's or the public one. */
  readonly url: string;
  readonly publicKey?: string;
  readonly secretKey?: Secret;
}

/** Langfuse's HTTP interface: web, worker, and LiteLLM's readiness go through it. */
export interface LangfusePort {
  /** GET without credentials. @throws LfctlError LANGFUSE_* when there is no HTTP answer at all */
  readonly get: (path: string) => Promise<HttpAnswer>;
  /** GET with the key pair of the target. */
  readonly getWithKeys: (path: string) => Promise<HttpAnswer>;
  /** Any request without credentials. @throws as `get` */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Any request with the key pair of the target. */
  readonly sendWithKeys: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly close: () => void;
}

/** Makes the client; nothing is sent before the first call. */
export type OpenLangfuse = (target: LangfuseTarget, access: Access) => LangfusePort;
