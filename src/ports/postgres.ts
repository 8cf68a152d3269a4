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
}

/** A Postgres session. All timestamps without zone are read as UTC; the session's zone is UTC. */
export interface PostgresPort {
  /**
   * Runs one read statement and gives its rows.
   * @throws LfctlError POSTGRES_* with the SQLSTATE in the message; never the parameters.
   */
  readonly query: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  /**
   * Runs statements that change something in one transaction, all or none; gives the rows that each touched.
   * Only for plans that were confirmed, and for what lfctl made itself. @throws as `query`
   */
  readonly change: (statements: readonly PostgresStatement[]) => Promise<number[]>;
  readonly close: () => Promise<void>;
}

/** @throws LfctlError POSTGRES_AUTH, _DATABASE, _REFUSED, _UNKNOWN_HOST, _TIMEOUT, _TLS, _CLOSED, _ANSWER */
export type OpenPostgres = (target: PostgresTarget, access: Access) => Promise<PostgresPort>;
