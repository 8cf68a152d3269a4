/** Whose key pair LiteLLM holds, by the rows of api_keys that a Postgres would give. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { litellmKeysFact } from '../../src/doctor/facts/litellm/keys.ts';
import type { FactContext } from '../../src/doctor/fact.ts';
import { Secret } from '../../src/deployment/secret.ts';

const salt = 'salt';
const secret = 'sk-lf-1234abcd';
const hashed = createHash('sha256')
  .update(secret)
  .update(createHash('sha256').update(salt, 'utf8').digest('hex'))
  .digest('hex');

function env(values: Readonly<Record<string, string>>) {
  const source = { from: 'literal' } as const;
  return {
    unreadable: [],
    variables: new Map(
      Object.entries(values).map(([name, value]) => [name, { name, value: new Secret(value), source }]),
    ),
  };
}

async function stateOf(rows: readonly object[], withSalt = true): Promise<object | undefined> {
  const deployment = {
    components: [{ role: 'web', env: env(withSalt ? { SALT: salt } : {}) }],
    liteLlm: [
      {
        workload: { kind: 'Deployment', namespace: 'llm', name: 'litellm' },
        env: env({ LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: secret }),
      },
    ],
  };
  const context = {
    deployment: () => Promise.resolve(deployment),
    ports: { postgres: () => Promise.resolve({ query: () => Promise.resolve(rows) }) },
  } as unknown as FactContext;
  return (await litellmKeysFact.collect(context))[0];
}

const row = { public: 'pk-lf-1', fast: hashed, display: 'sk-lf-...abcd', project: 'demo' };

describe('the pair of LiteLLM', () => {
  it.each<[string, readonly object[], object]>([
    ['is that of a row', [row], { state: 'valid', project: 'demo' }],
    [
      'is let in by its secret, whatever the public key says',
      [{ ...row, public: 'pk-lf-other', project: 'other' }],
      { state: 'valid', project: 'other' },
    ],
    ['is unknown', [], { state: 'unknown-key', project: null }],
    ['has another secret', [{ ...row, fast: 'x', display: 'sk-lf-...ffff' }], { state: 'wrong-secret' }],
    ['was never used', [{ ...row, fast: null }], { state: 'unsure', project: 'demo' }],
    ['was hashed with another SALT', [{ ...row, fast: 'x' }], { state: 'unsure' }],
  ])('%s', async (_title, rows, expected) => {
    expect(await stateOf(rows)).toMatchObject(expected);
  });

  it('cannot be told without SALT', async () => {
    expect(await stateOf([row], false)).toMatchObject({ state: 'unsure' });
  });
});
