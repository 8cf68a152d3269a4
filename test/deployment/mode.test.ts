import { describe, expect, it } from 'vitest';
import { modeOf, writeModeOf } from '../../src/deployment/mode.ts';
import type { EnvSource, ResolvedEnv } from '../../src/deployment/model.ts';
import { Secret } from '../../src/deployment/secret.ts';

const name = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';

function env(value: string | null | undefined, source: EnvSource = { from: 'literal' }): ResolvedEnv {
  if (value === undefined) return { variables: new Map(), unreadable: [] };
  const secret = value === null ? null : new Secret(value);
  return { variables: new Map([[name, { name, value: secret, source }]]), unreadable: [] };
}

describe('the write mode', () => {
  it.each([
    [undefined, 'events_only'],
    ['', 'events_only'],
    ['dual', 'dual'],
    ['legacy', 'legacy'],
    ['events_only', 'events_only'],
    ['Dual', null],
  ])('%j: %s', (value, mode) => {
    expect(writeModeOf(env(value)).mode).toBe(mode);
  });

  it('is not the default where the variable, or all of a Secret, may not be read', () => {
    const source: EnvSource = { from: 'missing', object: 'secret/env', key: 'mode', why: 'forbidden' };
    expect(writeModeOf(env(null, source)).mode).toBeNull();
    const unreadable = [{ object: 'secret/env', why: 'forbidden' as const }];
    expect(writeModeOf({ variables: new Map(), unreadable })).toEqual({
      mode: null,
      because: `${name} may be in secret/env forbidden`,
    });
  });

  it.each([
    [2, 'dual', 'postgres'],
    [3, 'dual', 'clickhouse'],
    [4, 'dual', 'dual'],
    [4, null, null],
    [null, 'dual', null],
  ] as const)('generation %s with %s: %s', (generation, writeMode, mode) => {
    expect(modeOf(generation, writeMode)).toBe(mode);
  });
});
