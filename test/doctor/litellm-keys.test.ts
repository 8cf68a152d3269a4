/** Whose key pair LiteLLM holds, by the rows of api_keys that a Postgres would give. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { litellmKeysCheck } from '../../src/doctor/checks/litellm/keys.ts';
import type { LiteLlmKeyView } from '../../src/doctor/facts/litellm/keys.ts';
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

describe('the verdict on a pair', () => {
  const seen = (state: LiteLlmKeyView['state']) => {
    const key: LiteLlmKeyView = {
      namespace: 'llm',
      workload: 'litellm',
      publicKey: 'pk-lf-1',
      project: 'demo',
      state,
    };
    return litellmKeysCheck.evaluate({
      facts: { 'litellm/keys': [key] },
      outcomes: {
        'kube/logs': { status: 'skipped', reason: 'not asked', ms: 0 },
        'litellm/config': { status: 'skipped', reason: 'not asked', ms: 0 },
        'deployment/discovery': { status: 'skipped', reason: 'not asked', ms: 0 },
      },
      generation: 3,
      mode: 'clickhouse',
      version: '3.199.0',
      now: new Date('2026-11-21T02:00:00Z'),
    } as never);
  };

  it('is ok for one that was compared, and unknown for one that could not be', () => {
    expect(seen('valid')).toEqual({ status: 'ok' });
    expect(seen('unsure')).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('llm/litellm'),
    });
    expect(seen('wrong-secret')).toMatchObject({ status: 'fail' });
  });
});
