/** What the images' entrypoints read from the env: the official one, and Bitnami's (the charts use both). */
export interface PostgresImageEnv {
  readonly superuser: string;
  /** Empty or absent: the image refuses to initialise. */
  readonly superuserPassword: string;
  /** A plain role beside the superuser, which owns the database: Bitnami's, or groundhog2k's USERDB_USER. */
  readonly role: { readonly name: string; readonly password: string } | null;
  readonly database: string;
  /** PGDATA inside the container. */
  readonly dataPath: string;
}

type Env = Readonly<Record<string, string>>;

const bitnamiVolume = '/bitnami/postgresql';

/** Reads the variables that the image's entrypoint knows. */
export function readImageEnv(env: Env, mounts: Readonly<Record<string, string>>): PostgresImageEnv {
  const bitnami = bitnamiVolume in mounts || 'POSTGRESQL_PASSWORD' in env || 'POSTGRESQL_USERNAME' in env;
  return bitnami ? readBitnami(env) : readOfficial(env);
}

function readOfficial(env: Env): PostgresImageEnv {
  const superuser = filled(env['POSTGRES_USER']) ?? 'postgres';
  const name = filled(env['USERDB_USER']);
  return {
    superuser,
    superuserPassword: env['POSTGRES_PASSWORD'] ?? '',
    // Made by the script that the chart mounts into /docker-entrypoint-initdb.d (charts/postgres of groundhog2k/helm-charts).
    role: name === undefined ? null : { name, password: env['USERDB_PASSWORD'] ?? '' },
    database: filled(env['POSTGRES_DB']) ?? superuser,
    dataPath: env['PGDATA'] ?? '/var/lib/postgresql/data',
  };
}

function readBitnami(env: Env): PostgresImageEnv {
  const name = filled(env['POSTGRESQL_USERNAME'] ?? env['POSTGRES_USER']) ?? 'postgres';
  const password = env['POSTGRESQL_PASSWORD'] ?? env['POSTGRES_PASSWORD'] ?? '';
  const admin = filled(env['POSTGRESQL_POSTGRES_PASSWORD'] ?? env['POSTGRES_POSTGRES_PASSWORD']);
  return {
    superuser: 'postgres',
    superuserPassword: admin ?? password,
    role: name === 'postgres' ? null : { name, password },
    database:
      filled(env['POSTGRESQL_DATABASE'] ?? env['POSTGRES_DATABASE'] ?? env['POSTGRES_DB']) ?? 'postgres',
    dataPath: env['PGDATA'] ?? env['POSTGRESQL_DATA_DIR'] ?? `${bitnamiVolume}/data`,
  };
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
