import { ClickHouseError } from '@clickhouse/client';
import type { ErrorCode } from '../../errors/catalog.ts';
import type { Fix, LfctlError } from '../../errors/error.ts';
import type { ClickHouseTarget } from '../../ports/clickhouse.ts';
import { DialError, firstLine, networkFailure } from '../net/network-error.ts';
import type { StorePlace } from '../net/store-error.ts';
import { connectionError, storeError } from '../net/store-error.ts';

/** An answer that is not rows: another server, a proxy's page. */
export class NotRows extends Error {
  override readonly name = 'NotRows';
}

/** More rows than any question of lfctl has. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';

  constructor(limitBytes: number) {
    super(`the answer has more than ${Math.round(limitBytes / 1024 / 1024)} MiB`);
  }
}

/** ClickHouse's own codes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const codes: Readonly<Record<string, ErrorCode>> = {
  '516': 'CLICKHOUSE_AUTH',
  '192': 'CLICKHOUSE_AUTH',
  '193': 'CLICKHOUSE_AUTH',
  '194': 'CLICKHOUSE_AUTH',
  '497': 'CLICKHOUSE_FORBIDDEN',
  '164': 'CLICKHOUSE_FORBIDDEN',
  '159': 'CLICKHOUSE_TIMEOUT',
  '209': 'CLICKHOUSE_TIMEOUT',
};

/** An exception in the middle of an answer that began well; null when the text holds none. */
export function serverError(text: string): ClickHouseError | null {
  const found = /Code: (\d+)\. DB::Exception: ([\s\S]*?) \(([A-Z_]+)\)/.exec(text);
  const [, code = '', message = '', type = ''] = found ?? [];
  return found === null ? null : new ClickHouseError({ code, message, type });
}

/** A user whose profile has readonly=1 may change no setting at all (code 164). */
export function isReadOnlyProfile(error: unknown): boolean {
  return error instanceof ClickHouseError && error.code === '164';
}

function clickHousePlace(target: ClickHouseTarget): StorePlace {
  const url = new URL(target.url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { prefix: 'CLICKHOUSE', title: 'ClickHouse', host, port, secrets: [target.password] };
}

/** What any failure of a ClickHouse becomes. */
export function clickHouseError(target: ClickHouseTarget, error: unknown): LfctlError {
  const at = clickHousePlace(target);
  if (error instanceof ClickHouseError) {
    const text = `${firstLine(error.message).replace(/\.$/, '')} (code ${error.code}${error.type === undefined ? '' : `, ${error.type}`})`;
    return storeError(at, codes[error.code] ?? 'CLICKHOUSE_FAILED', text, fixesOf(error.code, target));
  }
  if (error instanceof TooMuch) return storeError(at, 'CLICKHOUSE_FAILED', error.message);
  const text = error instanceof Error ? error.message : '';
  if (text.startsWith('Timeout error')) return timeout(at);
  const broken = networkFailure(error) === null && /aborted|terminated|socket hang up/i.test(text);
  const known = connectionError(
    at,
    broken ? new DialError('ECONNRESET', 'the connection was closed within an answer') : error,
  );
  return (
    known ??
    storeError(at, 'CLICKHOUSE_ANSWER', `the answer is not ClickHouse's: ${firstLine(text) || 'empty'}`, [
      {
        text: 'CLICKHOUSE_URL must lead to the HTTP interface (8123 or 8443), not to the native port 9000 or a web page',
      },
    ])
  );
}

function timeout(at: StorePlace): LfctlError {
  return storeError(at, 'CLICKHOUSE_TIMEOUT', 'no answer in time');
}

function fixesOf(code: string, target: ClickHouseTarget): Fix[] {
  return code === '81' ? [{ text: `check CLICKHOUSE_DB: there is no database ${target.database}` }] : [];
}
