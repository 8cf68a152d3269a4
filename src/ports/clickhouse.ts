import type { Secret } from '../deployment/secret.ts';
import type { Access } from './dialer.ts';

/** Where a ClickHouse HTTP interface is and who logs in. */
export interface ClickHouseTarget {
  /** Scheme, host and port, for example http://clickhouse:8123. */
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
}

/** A ClickHouse client over HTTP. */
export interface ClickHousePort {
  /**
   * Runs one read statement; values go in as `{name:Type}` parameters.
   * @throws LfctlError CLICKHOUSE_* with ClickHouse's own code in the message
   */
  readonly query: <Row>(sql: string, parameters?: Readonly<Record<string, unknown>>) => Promise<Row[]>;
  /**
   * Runs one statement that changes something, and waits until it is done on this server (`mutations_sync`).
   * Only for plans that were confirmed, and for what lfctl made itself. @throws as `query`
   */
  readonly change: (sql: string, parameters?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens and checks the login with one trivial query. @throws LfctlError CLICKHOUSE_* */
export type OpenClickHouse = (target: ClickHouseTarget, access: Access) => Promise<ClickHousePort>;
