import { createHmac } from 'node:crypto';
import { Client } from 'pg';
import { fastHash } from '../layouts/secrets.ts';
import type { SandboxSecrets } from '../layouts/secrets.ts';
import { bcryptHash } from '../programs/langfuse/api-key.ts';

/** What the app would have written when its first users set it up: rows by SQL, no LANGFUSE_INIT_ variables. */
interface SeedNames {
  readonly organization: string;
  readonly project: string;
  readonly email: string;
}

const seedNames: SeedNames = {
  organization: 'Example',
  project: 'production',
  email: 'admin@example.test',
};

/** Ids in the form of Prisma's cuid, the same for the same seed. */
function seedId(seed: string, purpose: string): string {
  const digest = createHmac('sha256', seed).update(`id ${purpose}`).digest('hex');
  return `c${BigInt(`0x${digest}`).toString(36).slice(0, 24)}`;
}

/** A login of the app's owner role. */
export interface PostgresLogin {
  readonly host: string;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** Connects as the app's owner role; the caller ends it. */
export async function connectPostgres(login: PostgresLogin): Promise<Client> {
  const client = new Client({
    ...login,
    port: 5432,
    connectionTimeoutMillis: 3000,
    options: '-c timezone=UTC',
    application_name: 'lfctl-sandbox',
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** One statement with its values. */
export type SeedRow = readonly [sql: string, values: readonly unknown[]];

/** Organisation, project, user and API key. */
export async function firstRows(seed: string, secrets: SandboxSecrets): Promise<readonly SeedRow[]> {
  const id = (purpose: string): string => seedId(seed, purpose);
  const [keyHash, passwordHash] = await Promise.all([
    bcryptHash(secrets.SECRET_KEY),
    bcryptHash(secrets.USER_PASSWORD, 12),
  ]);
  return [
    ['insert into organizations (id, name) values ($1, $2)', [id('organization'), seedNames.organization]],
    [
      'insert into projects (id, name, org_id) values ($1, $2, $3)',
      [id('project'), seedNames.project, id('organization')],
    ],
    [
      'insert into users (id, name, email, password) values ($1, $2, $3, $4)',
      [id('user'), 'Admin', seedNames.email, passwordHash],
    ],
    [
      `insert into organization_memberships (id, org_id, user_id, role) values ($1, $2, $3, 'OWNER')`,
      [id('membership'), id('organization'), id('user')],
    ],
    [
      `insert into api_keys (id, note, public_key, hashed_secret_key, display_secret_key,
         fast_hashed_secret_key, project_id) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id('key'),
        'litellm',
        secrets.PUBLIC_KEY,
        keyHash,
        `${secrets.SECRET_KEY.slice(0, 6)}...${secrets.SECRET_KEY.slice(-4)}`,
        fastHash(secrets.SECRET_KEY, secrets.SALT),
        id('project'),
      ],
    ],
  ];
}

/** Writes them all or none; a second run changes nothing. False while web has not made the tables. */
export async function writeRows(client: Client, rows: readonly SeedRow[]): Promise<boolean> {
  const { rows: tables } = await client.query<{ made: boolean }>(
    `select to_regclass('public.api_keys') is not null as made`,
  );
  if (tables[0]?.made !== true) return false;
  await client.query('begin');
  for (const [sql, values] of rows) await client.query(`${sql} on conflict do nothing`, [...values]);
  await client.query('commit');
  return true;
}
