import type { Secret } from '../deployment/secret.ts';
import type { Access } from './dialer.ts';

/** One host and port of a Redis. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is and who logs in. */
export interface RedisTarget {
  readonly kind: 'single' | 'cluster' | 'sentinel';
  /** One node for `single`; the known nodes or sentinels otherwise. */
  readonly nodes: readonly RedisNode[];
  /** Master name, for `sentinel` only. */
  readonly masterName?: string;
  /** The sentinels' own login, where they have one. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: Secret;
  readonly username?: string;
  readonly password?: Secret;
  readonly database: number;
  readonly tls: boolean;
  /** PEM of the certificate authority, where the deployment gives one. */
  readonly certificateAuthority?: string;
  /** REDIS_KEY_PREFIX, empty by default; not added by the port, callers build whole keys. */
  readonly keyPrefix: string;
}

/** What Redis answers: RESP values. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** A Redis connection. Most callers only read; what changes something does it by `call`, for what lfctl made itself. */
export interface RedisPort {
  /** Sends one command. @throws LfctlError REDIS_*; command and reply never hold a secret in the message */
  readonly call: (command: string, ...args: readonly (string | number)[]) => Promise<RedisReply>;
  /** Sends many commands in one round trip; replies in order. */
  readonly pipeline: (
    commands: readonly (readonly [string, ...(string | number)[]])[],
  ) => Promise<RedisReply[]>;
  /** Keys that match, at most `limit` of them, by SCAN (on every master of a cluster). */
  readonly scan: (pattern: string, limit: number) => Promise<string[]>;
  /** INFO as a flat record, for one section or all. */
  readonly info: (section?: string) => Promise<Readonly<Record<string, string>>>;
  readonly close: () => Promise<void>;
}

/** @throws LfctlError REDIS_AUTH, _REFUSED, _UNKNOWN_HOST, _TIMEOUT, _TLS, _CLOSED, _ANSWER */
export type OpenRedis = (target: RedisTarget, access: Access) => Promise<RedisPort>;
