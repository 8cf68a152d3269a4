import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHousePort, ClickHouseTarget, OpenClickHouse } from '../ports/clickhouse.ts';
import type { Access } from '../ports/dialer.ts';
import { rowsIn } from './clickhouse/answer.ts';
import { clickHouseError, isReadOnlyProfile, NotRows, TooMuch } from './clickhouse/failure.ts';
import { dialAgent } from './net/dial-agent.ts';
import { within } from './net/deadline.ts';
import type { ProxyEnv } from './net/proxy.ts';

/** 64-bit integers come as text: JSON numbers lose digits above 2^53, and the server's default changed in 25.8. */
const exactIntegers: ClickHouseSettings = { output_format_json_quote_64bit_integers: 1 };

/** Rows of one answer; more is not what a check asks for. */
const answerLimitBytes = 64 * 1024 * 1024;

/** Opens clients; HTTPS_PROXY of the environment holds for https URLs that are reached directly. */
export function clickHouseOpener(proxyEnv?: ProxyEnv): OpenClickHouse {
  return async (target, access) => {
    const client = makeClient(target, access, proxyEnv);
    const settings = await login(client, target, access);
    return {
      query: async <Row>(sql: string, parameters: Readonly<Record<string, unknown>> = {}) =>
        await guarded(target, access.queryTimeoutMs, access, (signal) =>
          rowsOf<Row>(client, sql, parameters, settings, signal),
        ),
      change: async (sql, parameters = {}) =>
        await guarded(target, access.queryTimeoutMs, access, async (signal) => {
          await client.command({
            query: sql,
            query_params: { ...parameters },
            clickhouse_settings: { ...settings, mutations_sync: '1', lightweight_deletes_sync: '1' },
            abort_signal: signal,
          });
        }),
      close: async () => await client.close(),
    } satisfies ClickHousePort;
  };
}

function makeClient(target: ClickHouseTarget, access: Access, proxyEnv?: ProxyEnv): ClickHouseClient {
  const tls = target.url.startsWith('https:') ? {} : null;
  return createClient({
    url: target.url,
    username: target.user,
    password: target.password.reveal(),
    database: target.database,
    application: 'lfctl',
    http_agent: dialAgent(access, { tls, proxyEnv }),
    request_timeout: access.connectTimeoutMs + access.queryTimeoutMs,
    // It prints every failed query to stderr otherwise.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** Login with a trivial query; gives the settings that this user may change. */
async function login(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  access: Access,
): Promise<ClickHouseSettings> {
  try {
    return await guarded(target, access.connectTimeoutMs, access, async (signal) => {
      for (const settings of [exactIntegers, {}]) {
        try {
          const rows = await rowsOf<{ ok: number }>(client, 'SELECT 1 AS ok', {}, settings, signal);
          if (rows[0]?.ok !== 1) throw new NotRows(JSON.stringify(rows[0] ?? 'nothing'));
          return settings;
        } catch (error) {
          if (!isReadOnlyProfile(error)) throw error;
        }
      }
      throw new NotRows('no settings are accepted');
    });
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function guarded<Value>(
  target: ClickHouseTarget,
  waitMs: number,
  access: Access,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  try {
    return await within(waitMs, access.signal, run);
  } catch (error) {
    throw clickHouseError(target, error);
  }
}

/**
 * Asks for one JSON document and not for lines: the client drops a last line without its end,
 * and half an answer must not look like fewer rows.
 */
async function rowsOf<Row>(
  client: ClickHouseClient,
  sql: string,
  parameters: Readonly<Record<string, unknown>>,
  settings: ClickHouseSettings,
  signal: AbortSignal,
): Promise<Row[]> {
  const { stream } = await client.exec({
    query: `${sql.trim().replace(/;$/, '')}\nFORMAT JSON`,
    query_params: { ...parameters },
    clickhouse_settings: settings,
    abort_signal: signal,
  });
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // Leaving the loop destroys the stream and its connection.
    if (sizeBytes > answerLimitBytes) throw new TooMuch(answerLimitBytes);
    chunks.push(chunk);
  }
  return rowsIn<Row>(Buffer.concat(chunks).toString('utf8'));
}
