import type { ClickHouseTarget } from '../../ports/clickhouse.ts';
import { envText } from '../resolve-env.ts';
import type { ResolvedEnv } from '../model.ts';
import { Secret } from '../secret.ts';
import type { Parsed } from './postgres.ts';
import { decode } from './decode.ts';

/** CLICKHOUSE_URL, _USER, _PASSWORD, _DB as the app reads them; null when CLICKHOUSE_URL is not set. */
export function clickHouseFromEnv(env: ResolvedEnv): Parsed<ClickHouseTarget> | null {
  const url = envText(env, 'CLICKHOUSE_URL');
  if (url === null) return null;
  const parsed = httpUrl(url);
  if (parsed === null) return { target: null, why: 'CLICKHOUSE_URL is not an http(s) URL' };
  return {
    target: {
      url: parsed.origin,
      user: envText(env, 'CLICKHOUSE_USER') ?? '',
      password: new Secret(envText(env, 'CLICKHOUSE_PASSWORD') ?? ''),
      database: envText(env, 'CLICKHOUSE_DB') ?? 'default',
    },
    why: null,
  };
}

/** `http://user:password@host:8123/database`, as LFCTL_CLICKHOUSE_URL gives it. */
export function parseClickHouseUrl(url: string): Parsed<ClickHouseTarget> {
  const parsed = httpUrl(url);
  if (parsed === null) return { target: null, why: 'it is not an http(s) URL' };
  return {
    target: {
      url: parsed.origin,
      user: decode(parsed.username) || 'default',
      password: new Secret(decode(parsed.password)),
      database: decode(parsed.pathname.slice(1)) || 'default',
    },
    why: null,
  };
}

/** The URL, when it parses and is http or https. */
export function httpUrl(text: string): URL | null {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}
