/**
 * What the images' entrypoints read from the env: the official one's names, Bitnami's, and the one that ClickHouse's
 * operator sets (internal/controller/clickhouse/constants.go of ClickHouse/clickhouse-operator).
 */
export interface ClickHouseImageEnv {
  readonly user: string;
  readonly password: string;
  /** Made at start when it is not there; null = the server's `default`. */
  readonly database: string | null;
  /** The data folder inside the container. */
  readonly dataPath: string;
  readonly timezone: string;
}

const bitnamiVolume = '/bitnami/clickhouse';

/** Reads the variables that the image's entrypoint knows. */
export function readImageEnv(
  env: Readonly<Record<string, string>>,
  mounts: Readonly<Record<string, string>>,
): ClickHouseImageEnv {
  return {
    user: env['CLICKHOUSE_USER'] || env['CLICKHOUSE_ADMIN_USER'] || 'default',
    password:
      env['CLICKHOUSE_PASSWORD'] ??
      env['CLICKHOUSE_ADMIN_PASSWORD'] ??
      env['CLICKHOUSE_DEFAULT_USER_PASSWORD'] ??
      '',
    database: env['CLICKHOUSE_DB'] || null,
    dataPath: bitnamiVolume in mounts ? `${bitnamiVolume}/data` : '/var/lib/clickhouse',
    timezone: env['TZ'] || 'UTC',
  };
}
