import { randomUUID } from 'node:crypto';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { HttpAnswer, LangfusePort } from '../ports/langfuse.ts';
import type { KeyPair } from './keys.ts';
import type { NegativeReport } from './report.ts';

/** Opens a client with any pair, or none. */
export type OpenWith = (pair: Pick<KeyPair, 'publicKey' | 'secretKey'> | null) => LangfusePort;

interface Case {
  readonly name: string;
  readonly expected: string;
  readonly run: (open: OpenWith, pair: KeyPair) => Promise<HttpAnswer>;
  readonly passes: (answer: HttpAnswer) => boolean;
}

/** Small question that every version answers, and only with a valid pair. */
const projects = '/api/public/projects';
const unknownPublic = (): string => `pk-lf-${randomUUID()}`;
const unknownSecret = (): Secret => new Secret(`sk-lf-${randomUUID()}`);
const is401 = ({ status }: HttpAnswer): boolean => status === 401;

const ask = async (client: LangfusePort, withKeys: boolean): Promise<HttpAnswer> => {
  try {
    return await (withKeys ? client.getWithKeys(projects) : client.get(projects));
  } finally {
    client.close();
  }
};

/** What must not get through, and what Langfuse is known to let through. Nothing of it is stored. */
const cases: readonly Case[] = [
  {
    name: 'wrong secret key',
    expected: '401',
    run: (open, { publicKey }) => ask(open({ publicKey, secretKey: unknownSecret() }), true),
    passes: is401,
  },
  {
    name: 'unknown key pair',
    expected: '401',
    run: (open) => ask(open({ publicKey: unknownPublic(), secretKey: unknownSecret() }), true),
    passes: is401,
  },
  {
    // Langfuse finds the pair by the secret's hash alone (web/src/features/public-api/server/apiAuth.ts).
    name: 'unknown public key, right secret key',
    expected: '200 (it is not compared) or 401',
    run: (open, { secretKey }) => ask(open({ publicKey: unknownPublic(), secretKey }), true),
    passes: ({ status }) => status === 200 || status === 401,
  },
  {
    // With a secret key that is made up: Langfuse writes the user name that it does not know to web's log.
    name: 'keys swapped',
    expected: '401',
    run: (open, { publicKey }) =>
      ask(open({ publicKey: unknownSecret().reveal(), secretKey: new Secret(publicKey) }), true),
    passes: is401,
  },
  {
    name: 'no authorization header',
    expected: '401',
    run: (open) => ask(open(null), false),
    passes: is401,
  },
  {
    name: 'malformed event',
    expected: '207 with an error for it',
    run: async (open, pair) => {
      const client = open(pair);
      const body = Buffer.from(JSON.stringify({ batch: [{ id: randomUUID(), type: 'no-such-type' }] }));
      try {
        return await client.sendWithKeys({
          method: 'POST',
          path: '/api/public/ingestion',
          headers: { 'content-type': 'application/json' },
          body,
        });
      } finally {
        client.close();
      }
    },
    passes: ({ status, body }) => status === 207 && /"errors":\s*\[\s*\{/.test(body),
  },
];

/** Runs all of them at once. */
export async function negativeCases(open: OpenWith, pair: KeyPair): Promise<NegativeReport[]> {
  return await Promise.all(cases.map(async (each) => await runCase(each, open, pair)));
}

async function runCase(
  { name, expected, run, passes }: Case,
  open: OpenWith,
  pair: KeyPair,
): Promise<NegativeReport> {
  try {
    const answer = await run(open, pair);
    const observed = `${answer.status}${answer.status === 207 ? `: ${answer.body.slice(0, 120)}` : ''}`;
    return { case: name, status: passes(answer) ? 'ok' : missed(answer), expected, observed };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { case: name, status: 'unknown', expected, observed: error.message };
  }
}

/** A server that fails has neither refused it nor let it through. */
const missed = ({ status }: HttpAnswer): 'fail' | 'unknown' => (status >= 500 ? 'unknown' : 'fail');
