import type { Secret } from '../deployment/secret.ts';
import type { Access } from './dialer.ts';

/** Where a Postgres is and who logs in. Built from a URL or from DATABASE_* parts. */
export interface PostgresTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** `sslmode` of the URL; `prefer` when it names none, as Prisma has it. */
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** Schema of `?schema=`, `public` by default. */
  readonly schema: string;
}

/** One statement with its `$1` parameters. */
export interface PostgresStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Rows that it must touch; with any other number nothing of the whole change is kept. */
  readonly rows?: number;
}

/** A lock that its session holds: it ends with `release`, with the connection, or with the process. */
export type PostgresLock =
  | {
      readonly held: true;
      /** Ends when the session is lost, and the lock with it. */
      readonly lost: AbortSignal;
      readonly release: () => Promise<void>;
    }
  | {
      readonly held: false;
      /** What the holder said of itself, where it may be read. */
      readonly holder: string | null;
      /** RFC 3339; null where it may not be read. */
      readonly since: string | null;
    };

/** A Postgres session. All timestamps without zone are read as UTC; the session's zone is UTC. */
export interface PostgresPort {
  /**
   * Runs one read statement and gives its rows.
   * @throws LfctlError POSTGRES_* with the SQLSTATE in the message; never the parameters.
   */
  readonly query: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  /**
   * Runs statements that change something in one transaction, all or none; gives the rows that each touched.
   * Only for plans that were confirmed, and for what lfctl made itself.
   * @throws as `query`; POSTGRES_CHANGED where a statement touched another number of rows than it must
   */
  readonly change: (statements: readonly PostgresStatement[]) => Promise<number[]>;
  /**
   * Takes the advisory lock of a name on a session of its own, or says who has it. Held in an open transaction,
   * which a pooler in transaction mode keeps on one server connection
   * (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
   */
  readonly lock: (name: string, holder: string) => Promise<PostgresLock>;
  readonly close: () => Promise<void>;
}

/** @throws LfctlError POSTGRES_AUTH, _DATABASE, _REFUSED, _UNKNOWN_HOST, _TIMEOUT, _TLS, _CLOSED, _ANSWER */
export type OpenPostgres = (target: PostgresTarget, access: Access) => Promise<PostgresPort>;
