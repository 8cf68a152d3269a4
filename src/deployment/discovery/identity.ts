import type { ResolvedEnv } from '../model.ts';
import { withoutLogin } from '../redact.ts';
import { envText } from '../resolve-env.ts';
import { httpUrl } from '../targets/clickhouse.ts';
import { databaseUrl, parsePostgresUrl } from '../targets/postgres.ts';
import { redisFromEnv } from '../targets/redis.ts';
import type { Found } from './components.ts';

/** What tells one database from another. */
interface Identity {
  /** `database db.ns:5432/langfuse`, or where that cannot be read, the object that says it. */
  readonly text: string;
  /** True when it is the address itself. */
  readonly read: boolean;
}

const databaseNames = ['DATABASE_URL', 'DATABASE_HOST', 'DATABASE_NAME'];

/** Host, port and name of the database; where a right lacks, the Secret that holds it; null for neither. */
export function databaseIdentity({ component }: Found): Identity | null {
  const { env, workload } = component;
  const url = databaseUrl(env)?.url ?? '';
  const parsed = parsePostgresUrl(url).target;
  const host = parsed === null ? envText(env, 'DATABASE_HOST') : `${parsed.host}:${parsed.port}`;
  const name = parsed?.database ?? envText(env, 'DATABASE_NAME');
  if (host !== null && name !== null) {
    const [bare = '', port = '5432'] = host.split(/:(?=\d+$)/);
    return { text: `database ${fullName(bare, workload.namespace)}:${port}/${name}`, read: true };
  }
  // A URL that does not parse still tells equal from different.
  if (url !== '') return { text: `database ${withoutLogin(url).replace(/\?.*$/, '')}`, read: true };
  const hidden = databaseNames.flatMap((one) => hiddenIn(env, one));
  const whole = env.unreadable.map(({ object }) => object);
  const objects = [...new Set(hidden.length > 0 ? hidden : whole)];
  return objects.length === 0 ? null : { text: `database named in ${objects.join(', ')}`, read: false };
}

function hiddenIn(env: ResolvedEnv, name: string): readonly string[] {
  const source = env.variables.get(name)?.source;
  return source?.from === 'missing' ? [`${source.object} key ${source.key}`] : [];
}

/** Postgres, ClickHouse and Redis together; null while one of them cannot be read. Langfuse 2 has the first alone. */
export function storesIdentity(found: Found): string | null {
  const { env, workload } = found.component;
  const database = databaseIdentity(found);
  const clickhouse = httpUrl(envText(env, 'CLICKHOUSE_URL') ?? '');
  const redis = redisFromEnv(env)?.target ?? null;
  if (database?.read !== true || clickhouse === null || redis === null) return null;
  const place = (host: string): string => fullName(host, workload.namespace);
  const nodes = redis.nodes.map(({ host, port }) => `${place(host)}:${port}`);
  const house = `${place(clickhouse.hostname)}:${clickhouse.port}/${envText(env, 'CLICKHOUSE_DB') ?? 'default'}`;
  return `${database.text}, ClickHouse ${house}, Redis ${nodes.join(',')}/${redis.database}${redis.keyPrefix}`;
}

/** `db`, `db.ns`, `db.ns.svc` and `db.ns.svc.cluster.local` are one Service for who is in namespace ns. */
function fullName(host: string, namespace: string): string {
  const name = host.toLowerCase().replace(/\.svc(\.cluster\.local)?\.?$/, '');
  return name.includes('.') || name.includes(':') || name === '' ? name : `${name}.${namespace}`;
}
