import type { Secret } from '../../deployment/secret.ts';
import type { HttpAnswer, LangfusePort } from '../../ports/langfuse.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Canary } from '../canary.ts';
import type { KeyPair } from '../keys.ts';
import type { NegativeReport } from '../report.ts';
import type { Station } from '../station.ts';
import type { KeyStores } from './temporary-key.ts';

/** Opens a client with any pair, or none. */
export type OpenWith = (pair: Pick<KeyPair, 'publicKey' | 'secretKey'> | null) => LangfusePort;

/** What cases are made of. */
export interface NegativeContext {
  readonly open: OpenWith;
  readonly pair: KeyPair;
  readonly projectId: string;
  /** A secret key that nobody has. */
  readonly stranger: Secret;
  readonly postgres: Station<PostgresPort>;
  /** Where a temporary key is made and removed. */
  readonly keys: KeyStores;
  /** The valid event beside a malformed one, to be removed with the canaries. */
  readonly neighbour: Canary;
  /** Null once the neighbour's row is there, or why it is not. */
  readonly arrived: () => Promise<string | null>;
}

/** What came of a case. */
export type Observed = Pick<NegativeReport, 'status' | 'observed'>;

/** A request that must be refused, or let through only in part. @throws LfctlError where nothing answers */
export interface Case {
  readonly name: string;
  readonly expected: string;
  readonly run: (context: NegativeContext) => Promise<Observed>;
}

/** A server that fails has neither refused it nor let it through. */
export function judged({ status }: HttpAnswer, passes: boolean, observed = String(status)): Observed {
  if (passes) return { status: 'ok', observed };
  return { status: status >= 500 ? 'unknown' : 'fail', observed };
}

/** The smallest question that every version answers, and only with a valid pair: which project is it of? */
const projects = '/api/public/projects';

/** Asks it with these keys, or with none. */
export async function askWith(
  open: OpenWith,
  pair: Pick<KeyPair, 'publicKey' | 'secretKey'> | null,
): Promise<HttpAnswer> {
  const client = open(pair);
  try {
    return await (pair === null ? client.get(projects) : client.getWithKeys(projects));
  } finally {
    client.close();
  }
}
