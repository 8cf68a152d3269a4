import type { ProtocolVersion, Reply } from './reply.ts';

/** One client connection as commands see it. */
export interface Session {
  readonly id: number;
  /** host:port of the client. */
  readonly address: string;
  readonly localAddress: string;
  readonly createdMs: number;
  /** Writes a reply outside the order of commands: messages of channels. */
  readonly send: (reply: Reply) => void;
  /** Ends the connection. */
  readonly close: () => void;
  database: number;
  protocol: ProtocolVersion;
  authenticated: boolean;
  name: string;
  lastCommand: string;
  lastCommandMs: number;
  /** Queued commands between MULTI and EXEC. */
  transaction: { readonly commands: (readonly string[])[]; failed: boolean } | null;
  /** Versions of watched keys by `database:key`. */
  readonly watched: Map<string, number>;
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
  /** Ends a blocked command, if one waits. */
  unblock: ((timedOut: boolean) => void) | null;
}

/** A new connection's state. */
export function newSession(
  parts: Pick<Session, 'id' | 'address' | 'localAddress' | 'createdMs' | 'send' | 'close'>,
  authenticated: boolean,
): Session {
  return {
    ...parts,
    database: 0,
    protocol: 2,
    authenticated,
    name: '',
    lastCommand: 'NULL',
    lastCommandMs: parts.createdMs,
    transaction: null,
    watched: new Map(),
    channels: new Set(),
    patterns: new Set(),
    unblock: null,
  };
}
