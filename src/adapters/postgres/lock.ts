import { createHash } from 'node:crypto';
import type { Access } from '../../ports/dialer.ts';
import type { PostgresLock, PostgresTarget } from '../../ports/postgres.ts';
import { within } from '../net/deadline.ts';
import { postgresError } from './failure.ts';
import { leave, type Session } from './session.ts';

/** Two halves, as Postgres shows them in pg_locks: which program, and which lock of it. */
const lfctlLocks = 0x6c66_6374;

/** A lock's name as a signed 32-bit number. */
const keyOf = (name: string): number => createHash('sha256').update(name).digest().readInt32BE(0);

/** Longer application names are cut by the server. */
const nameLimit = 63;

/** Takes the lock on this session, which is its own and ends with it. */
export async function takeLock(
  session: Session,
  target: PostgresTarget,
  access: Access,
  name: string,
  holder: string,
): Promise<PostgresLock> {
  try {
    return await within(access.queryTimeoutMs, access.signal, async () => {
      await session.client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
      const called = holder.slice(0, nameLimit);
      await session.client.query("SELECT set_config('application_name', $1, true)", [called]);
      const keys = [lfctlLocks, keyOf(name)];
      const { rows } = await session.client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1::int, $2::int) AS held',
        keys,
      );
      return rows[0]?.held === true ? heldBy(session) : await refusedBy(session, keys);
    });
  } catch (error) {
    session.stream.destroy();
    throw postgresError(target, error);
  }
}

function heldBy(session: Session): PostgresLock {
  const lost = new AbortController();
  const end = (): void => lost.abort();
  session.stream.once('close', end);
  return {
    held: true,
    lost: lost.signal,
    release: async () => {
      session.stream.off('close', end);
      await session.client.query('ROLLBACK').catch(() => undefined);
      await leave(session);
    },
  };
}

async function refusedBy(session: Session, keys: readonly number[]): Promise<PostgresLock> {
  const { rows } = await session.client.query<{ holder: string | null; since: Date | null }>(
    `SELECT application_name AS holder, xact_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = $1::int::oid AND objid = $2::bigint::oid`,
    [keys[0], (keys[1] ?? 0) >>> 0],
  );
  await session.client.query('ROLLBACK');
  await leave(session);
  const [row] = rows;
  return { held: false, holder: row?.holder || null, since: row?.since?.toISOString() ?? null };
}
