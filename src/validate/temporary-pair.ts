import type { Settings } from '../deployment/settings.ts';
import { LfctlError } from '../errors/error.ts';
import { resolveProject } from '../keys/project.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need, withTenancy } from '../tenancy/access.ts';
import type { KeyHome, TemporaryKey } from './negative/temporary-key.ts';
import { makeTemporaryKey, whyNoKey } from './negative/temporary-key.ts';
import type { Residue } from './report.ts';
import type { ValidateOptions } from './start.ts';

/** A report that says what is left. */
export interface Swept {
  readonly residue: Residue | null;
}

/**
 * Does the work with a key pair of its own, which goes when the work ends, after Ctrl-C too. Where it does not go,
 * the residue says so; one that a killed run has left is removed by --clean an hour later.
 * @param project id or name of the project to write to
 * @throws LfctlError PROJECT_*, POSTGRES_*; NOT_CONFIGURED where a key could not be taken back for sure
 */
export async function withTemporaryPair<Value extends Swept>(
  options: ValidateOptions,
  project: string,
  work: (options: ValidateOptions) => Promise<Value>,
): Promise<Value> {
  return await withTenancy(options, async (tenancy) => {
    const { id } = await resolveProject(postgresOf(tenancy), project);
    const home = keyHome(tenancy);
    options.onProgress('making a temporary key');
    const key = await makeTemporaryKey(home.postgres, home.stores, id);
    const working = work({ ...options, settings: withPair(options.settings, key) });
    return await takingBack(working, async () => await whyLeft(options, key, home));
  });
}

const postgresOf = ({ postgres }: Tenancy): KeyHome['postgres'] =>
  need(postgres, 'a temporary key is made in Postgres');

/** @throws LfctlError POSTGRES_*; NOT_CONFIGURED where a key could not be taken back for sure */
function keyHome(tenancy: Tenancy): KeyHome {
  const { generation } = tenancy;
  const refused = (why: string): LfctlError =>
    new LfctlError('NOT_CONFIGURED', { message: `no temporary key can be made: ${why}` });
  if (generation === null) throw refused('the version of web is not known');
  const stores = { ...tenancy, generation };
  const why = whyNoKey(stores);
  if (why !== null) throw refused(why);
  return { postgres: postgresOf(tenancy), stores };
}

/** Whatever becomes of the work, the key is revoked, or there is word of it. @param revoke gives why it is left */
export async function takingBack<Value extends Swept>(
  working: Promise<Value>,
  revoke: () => Promise<string | null>,
): Promise<Value> {
  let value: Value;
  try {
    value = await working;
  } catch (error) {
    throw withWord(error, await revoke());
  }
  const why = await revoke();
  return why === null ? value : { ...value, residue: withKey(value.residue, why) };
}

function withWord(error: unknown, why: string | null): unknown {
  if (why === null || !(error instanceof LfctlError)) return error;
  return new LfctlError(error.code, { message: `${error.message}; left: ${why}`, cause: error });
}

const withKey = (residue: Residue | null, why: string): Residue => ({
  total: residue?.total ?? 0,
  byStore: residue?.byStore ?? {},
  unknown: { ...residue?.unknown, keys: why },
  ms: residue?.ms ?? 0,
});

/** A store that was restarted answers within this time, or not at all; in milliseconds. */
const anewMs = 10_000;

/** Null once it is gone. A change may have cut the connections it was made by: it is tried again by others. */
async function whyLeft(options: ValidateOptions, key: TemporaryKey, home: KeyHome): Promise<string | null> {
  if ((await failureOf(key.revoke())) === null) return null;
  const signal = AbortSignal.timeout(anewMs);
  const why = await failureOf(
    withTenancy({ ...options, signal }, async (tenancy) => {
      const stores = { ...home.stores, cache: tenancy.cache };
      await key.revoke({ postgres: postgresOf(tenancy), stores });
    }),
  );
  return why === null ? null : `the temporary key ${key.publicKey} was not taken back: ${why}`;
}

async function failureOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof LfctlError) return error.message;
    throw error;
  }
}

function withPair(settings: Settings, { publicKey, secretKey }: TemporaryKey): Settings {
  const where = { source: 'flag', origin: '--temporary-key' } as const;
  return {
    ...settings,
    publicKey: { value: publicKey, ...where },
    secretKey: { value: secretKey, ...where },
  };
}
