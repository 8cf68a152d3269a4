import { describe, expect, it } from 'vitest';
import type { ResolvedEnv } from '../../src/deployment/model.ts';
import type { EnvLookups, Lookup } from '../../src/deployment/resolve-env.ts';
import {
  envText,
  envUnknown,
  forbiddenAmong,
  resolveEnv,
  secretValues,
} from '../../src/deployment/resolve-env.ts';
import type { Container } from '../../src/ports/kube-objects.ts';

const found = (values: Record<string, string>): Lookup => ({
  found: true,
  values: new Map(Object.entries(values)),
});
const absent: Lookup = { found: false, why: 'no-object' };
const closed: Lookup = { found: false, why: 'forbidden' };

const objects: Record<string, Lookup> = {
  'secret/app': found({ A: 'secret-a', B: 'secret-b', EMPTY: '' }),
  'secret/closed': closed,
  'configmap/app': found({ A: 'map-a', C: 'map-c' }),
};

const lookups: EnvLookups = {
  secret: (name) => Promise.resolve(objects[`secret/${name}`] ?? absent),
  configMap: (name) => Promise.resolve(objects[`configmap/${name}`] ?? absent),
};

const resolve = async (parts: Partial<Container>): Promise<ResolvedEnv> =>
  await resolveEnv({ name: 'c', ...parts }, lookups, { 'metadata.namespace': 'lf' });

const key = (name: string, secretName: string, more: object = {}) => ({
  name,
  valueFrom: { secretKeyRef: { name: secretName, key: name, ...more } },
});

describe('envFrom', () => {
  it('later objects win, env wins over all, prefixes apply', async () => {
    const env = await resolve({
      envFrom: [
        { secretRef: { name: 'app' } },
        { configMapRef: { name: 'app' } },
        { prefix: 'X_', secretRef: { name: 'app' } },
      ],
      env: [{ name: 'C', value: 'literal' }],
    });
    expect(['A', 'B', 'C', 'X_A'].map((name) => envText(env, name))).toEqual([
      'map-a',
      'secret-b',
      'literal',
      'secret-a',
    ]);
    expect(env.variables.get('A')?.source).toEqual({ from: 'configmap', object: 'app', key: 'A' });
    expect(env.variables.get('X_A')?.source).toEqual({ from: 'secret', object: 'app', key: 'A' });
  });

  it('notes what is not there, unless it is optional, and what is closed in any case', async () => {
    const optional = { optional: true };
    const env = await resolve({
      envFrom: [
        { secretRef: { name: 'gone' } },
        { secretRef: { name: 'gone-too', ...optional } },
        { secretRef: { name: 'closed', ...optional } },
      ],
    });
    expect(env.unreadable).toEqual([
      { object: 'secret/gone', why: 'no-object' },
      { object: 'secret/closed', why: 'forbidden' },
    ]);
    expect(envUnknown(env, 'SALT')).toBe('secret/closed forbidden');
    expect(forbiddenAmong(env, ['SALT'])).toBe('secret/closed forbidden');
  });
});

describe('references to keys', () => {
  it.each([
    ['a missing key', key('NOPE', 'app'), 'no-key'],
    ['a missing object', key('A', 'gone'), 'no-object'],
    ['a closed object', key('A', 'closed'), 'forbidden'],
    ['a closed object, optional', key('A', 'closed', { optional: true }), 'forbidden'],
  ])('%s', async (_title, variable, why) => {
    const env = await resolve({ env: [variable] });
    expect(env.variables.get(variable.name)).toMatchObject({ value: null, source: { from: 'missing', why } });
    expect(envText(env, variable.name)).toBeNull();
  });

  it.each([key('NOPE', 'app', { optional: true }), key('A', 'gone', { optional: true })])(
    'an optional one is not set: %o',
    async (variable) => {
      const env = await resolve({ env: [variable] });
      expect(env.variables.size).toBe(0);
      expect(envUnknown(env, variable.name)).toBeNull();
    },
  );

  it('an empty value is set and counts as unset', async () => {
    const env = await resolve({ env: [key('EMPTY', 'app')] });
    expect([env.variables.get('EMPTY')?.value?.reveal(), envText(env, 'EMPTY')]).toEqual(['', null]);
  });

  it('fields are known where the cluster knows them', async () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = await resolve({ env: [field('NS', 'metadata.namespace'), field('IP', 'status.podIP')] });
    expect(['NS', 'IP'].map((name) => env.variables.get(name)?.value?.reveal() ?? null)).toEqual([
      'lf',
      null,
    ]);
  });
});

describe('$(VAR)', () => {
  const value = async (text: string, more: NonNullable<Container['env']> = []): Promise<string | null> =>
    envText(
      await resolve({
        envFrom: [{ secretRef: { name: 'app' } }],
        env: [...more, { name: 'V', value: text }],
      }),
      'V',
    );

  it.each([
    ['$(A)-$(B)', 'secret-a-secret-b'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$secret-a'],
    ['pa$$word', 'pa$word'],
    ['$(UNKNOWN)', '$(UNKNOWN)'],
    ['$(V)', '$(V)'],
    ['$A ${A} $(A', '$A ${A} $(A'],
    ['line\nbreak', 'line\nbreak'],
  ])('%j is %j', async (text, expanded) => {
    expect(await value(text)).toBe(expanded);
  });

  it('does not look into what a Secret holds', async () => {
    const own: EnvLookups = { ...lookups, secret: () => Promise.resolve(found({ P: '$(A)' })) };
    const env = await resolveEnv({ name: 'c', env: [key('P', 'x')] }, own);
    expect(envText(env, 'P')).toBe('$(A)');
  });

  it('says which Secret a composed value comes from', async () => {
    const env = await resolve({
      env: [key('A', 'app'), { name: 'V', value: 'x$(A)' }, { name: 'W', value: '$(V)' }],
    });
    const uses = ['secret/app key A'];
    expect(['V', 'W'].map((name) => env.variables.get(name)?.source)).toEqual([
      { from: 'literal', uses },
      { from: 'literal', uses },
    ]);
  });

  it('is not known where the reference is not: never half a value', async () => {
    const closedKey = await resolve({ env: [key('A', 'closed'), { name: 'V', value: 'x$(A)' }] });
    expect(closedKey.variables.get('V')).toMatchObject({
      value: null,
      source: { from: 'missing', why: 'forbidden' },
    });
    const closedWhole = await resolve({
      envFrom: [{ secretRef: { name: 'closed' } }],
      env: [{ name: 'V', value: 'x$(A)' }],
    });
    expect(closedWhole.variables.get('V')).toMatchObject({
      value: null,
      source: { why: 'forbidden', key: 'A' },
    });
  });
});

describe('what a Secret holds', () => {
  it('reads bytes that are no text without failing', () => {
    const data = {
      BIN: Buffer.from([0xff, 0xfe, 0x00, 0x41]).toString('base64'),
      LINE: Buffer.from('a\n').toString('base64'),
    };
    const values = secretValues({ metadata: { name: 's' }, data });
    expect(values.get('BIN')).toMatch(/A$/);
    expect(values.get('LINE')).toBe('a\n');
  });
});
