import type { PostgresPort } from '../../ports/postgres.ts';
import type { Case, NegativeContext, Observed } from './case.ts';
import { askWith, judged } from './case.ts';
import type { TemporaryKey } from './temporary-key.ts';
import { isNoKey, makeTemporaryKey, whyNoKey } from './temporary-key.ts';

/** A key of its own is made, used once, taken back, and used again. */
export const revokedKeyCase: Case = {
  name: 'revoked key',
  expected: '200 while it is there, 401 once it is revoked',
  run: async (context) => {
    const { postgres, keys } = context;
    const why = postgres.state === 'open' ? whyNoKey(keys) : postgres.detail;
    if (postgres.state !== 'open' || why !== null) return { status: 'skipped', observed: why ?? '' };
    const key = await makeKey(postgres.port, context);
    return typeof key === 'string' ? { status: 'skipped', observed: key } : await useTwice(context, key);
  },
};

async function makeKey(
  postgres: PostgresPort,
  { keys, projectId }: NegativeContext,
): Promise<TemporaryKey | string> {
  try {
    return await makeTemporaryKey(postgres, keys, projectId);
  } catch (error) {
    if (isNoKey(error)) return `no key can be made: ${error.message}`;
    throw error;
  }
}

async function useTwice({ open }: NegativeContext, key: TemporaryKey): Promise<Observed> {
  const revoking = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } finally {
      await key.revoke();
    }
  };
  const before = await revoking(askWith(open, key));
  const after = await askWith(open, key);
  const observed = `${before.status}, then ${after.status}`;
  if (before.status !== 200) return judged(before, false, observed);
  return judged(after, after.status === 401, observed);
}
