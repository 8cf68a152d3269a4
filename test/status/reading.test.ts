/** Which release reads which variable: rows checked against the tags of langfuse/langfuse by hand. */
import { describe, expect, it } from 'vitest';
import { inertVariables } from '../../src/deployment/inert-variables.ts';
import { generationOf } from '../../src/deployment/image.ts';
import type { Reading } from '../../src/deployment/reading.ts';
import { readingOf } from '../../src/deployment/reading.ts';
import { knownness, migrationsOf } from '../../src/deployment/releases.ts';
import { requiredVariables, sharedVariables } from '../../src/deployment/variables.ts';

const reading = (name: string, role: 'web' | 'worker', version: string | null): Reading =>
  readingOf(name, role, { version, generation: generationOf(version) });

describe('a variable is read', () => {
  it.each([
    ['SALT', 'web', '2.95.12', true],
    ['KEEP_ALIVE_TIMEOUT', 'web', '3.199.0', true],
    ['KEEP_ALIVE_TIMEOUT', 'worker', '3.199.0', false],
    ['S3_ENDPOINT', 'web', '2.95.12', true],
    ['S3_ENDPOINT', 'web', '3.199.0', false],
    ['LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT', 'web', '2.80.0', false],
    ['LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT', 'worker', '4.16.0', true],
    ['LANGFUSE_S3_BATCH_EXPORT_BUCKET', 'web', '3.61.0', true],
    ['LANGFUSE_S3_BATCH_EXPORT_BUCKET', 'web', '3.62.0', false],
    ['LANGFUSE_S3_BATCH_EXPORT_BUCKET', 'web', '3.199.0', false],
    ['LANGFUSE_READ_FROM_POSTGRES_ONLY', 'web', '3.8.1', true],
    ['LANGFUSE_READ_FROM_POSTGRES_ONLY', 'web', '3.9.0', false],
    ['LANGFUSE_S3_BATCH_EXPORT_BUCKET', 'web', '4.16.0', true],
    ['CLICKHOUSE_URL', 'web', '2.65.0', false],
    ['CLICKHOUSE_URL', 'web', '2.95.12', true],
    ['CLICKHOUSE_MIGRATION_URL', 'worker', '3.199.0', false],
    ['REDIS_KEY_PREFIX', 'web', '3.84.0', false],
    ['REDIS_KEY_PREFIX', 'web', '3.85.0', true],
    ['REDIS_SOCKET_TIMEOUT_MS', 'worker', '3.212.0', false],
    ['REDIS_SOCKET_TIMEOUT_MS', 'worker', '3.213.0', true],
    ['REDIS_TLS_CA', 'web', '3.199.0', false],
    ['REDIS_TLS_CA_PATH', 'web', '3.199.0', true],
    ['LANGFUSE_MIGRATION_V4_WRITE_MODE', 'worker', '3.178.0', false],
    ['LANGFUSE_MIGRATION_V4_WRITE_MODE', 'worker', '3.199.0', true],
    ['LANGFUSE_READ_FROM_POSTGRES_ONLY', 'web', '2.95.12', true],
    ['LANGFUSE_READ_FROM_POSTGRES_ONLY', 'web', '3.199.0', false],
    ['LANGFUSE_SALT', 'web', '3.199.0', false],
    ['MY_SIDECAR', 'web', '3.199.0', 'unknown'],
    ['REDIS_PASSWORD', 'web', '3.199.0', 'unknown'],
  ] as const)('%s by %s of %s: %s', (name, role, version, read) => {
    expect(reading(name, role, version).read).toBe(read);
  });

  it('a floating tag is all releases of its line', () => {
    expect(reading('REDIS_KEY_PREFIX', 'web', '3')).toEqual({
      read: 'unknown',
      use: [],
      why: 'read from 3.85.0 on',
    });
    expect(reading('REDIS_KEY_PREFIX', 'web', '3.199').read).toBe(true);
    expect(reading('S3_ENDPOINT', 'web', '3').read).toBe(false);
    expect(reading('SALT', 'web', null).read).toBe(true);
    expect(reading('S3_REGION', 'web', null).read).toBe('unknown');
  });

  it('a later release than the known ones reads at least what the newest does, and may read more', () => {
    expect(reading('SALT', 'web', '4.99.0').read).toBe(true);
    expect(reading('LANGFUSE_NEXT_THING', 'web', '4.99.0')).toMatchObject({ read: 'unknown' });
    expect(reading('S3_ENDPOINT', 'web', '5.0.0')).toMatchObject({ read: 'unknown' });
  });
});

describe('what is not read says so, and what to use', () => {
  it.each([
    ['S3_ENDPOINT', '3.199.0', /LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT/],
    ['S3_BUCKET_NAME', '4.16.0', /LANGFUSE_S3_EVENT_UPLOAD_BUCKET/],
    ['LANGFUSE_S3_ENDPOINT', '2.95.12', /^S3_ENDPOINT$/],
    ['LANGFUSE_S3_BATCH_EXPORT_ENDPOINT', '2.95.12', /^S3_ENDPOINT$/],
    ['LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS', '4.16.0', /^KEEP_ALIVE_TIMEOUT$/],
    ['REDIS_TLS_CA', '4.16.0', /^REDIS_TLS_CA_PATH$/],
  ])('%s on %s', (name, version, use) => {
    expect(reading(name, 'web', version)).toMatchObject({ read: false });
    expect(reading(name, 'web', version).use.join(' ')).toMatch(use);
  });

  it.each([
    ['CLICKHOUSE_MIGRATION_URL', 'worker', '3.199.0', 'only web reads it'],
    ['LANGFUSE_INGESTION_CLICKHOUSE_MAX_ATTEMPTS', 'web', '3.199.0', 'only the worker reads it'],
    ['REDIS_KEY_PREFIX', 'web', '3.84.0', 'read from 3.85.0 on'],
    ['LANGFUSE_READ_FROM_POSTGRES_ONLY', 'web', '3.199.0', 'read from 2.89.0 until 3.9.0'],
    ['LANGFUSE_TYPO', 'web', '3.199.0', 'no release reads it'],
  ] as const)('%s by %s of %s: %s', (name, role, version, why) => {
    expect(reading(name, role, version).why).toBe(why);
  });

  it.each(['2.95.12', '3.199.0', '3.225.4', '4.16.0'])(
    'every name to use instead is read by %s where lfctl gives it',
    (version) => {
      const generation = generationOf(version);
      const wrong = inertVariables
        .filter((one) => generation !== null && one.generations.includes(generation))
        .flatMap(({ name, use }) => use.map((instead) => ({ name, instead })))
        .filter(({ instead }) =>
          (['web', 'worker'] as const).every((role) => reading(instead, role, version).read !== true),
        );
      expect(wrong).toEqual([]);
    },
  );
});

describe('tables beside it', () => {
  it.each(['3.199.0', '3.225.4', '4.16.0'])('every required and shared variable is read by %s', (version) => {
    const generation = generationOf(version);
    const required = requiredVariables
      .filter((one) => generation !== null && one.generations.includes(generation))
      .flatMap(({ name, roles }) => roles.map((role) => [name, role] as const));
    expect(required.filter(([name, role]) => reading(name, role, version).read !== true)).toEqual([]);
    const later = ['LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR'];
    expect(
      sharedVariables.filter((name) => !later.includes(name) && reading(name, 'web', version).read === false),
    ).toEqual([]);
  });

  it('migrations that a release brings', () => {
    expect(migrationsOf('2.95.12')).toEqual({ postgres: '20241125124029', clickhouse: 5 });
    expect(migrationsOf('3.199.0')).toEqual({ postgres: '20260623093628', clickhouse: 34 });
    expect(migrationsOf('4.0.0')).toEqual({ postgres: '20260723165610', clickhouse: 46 });
    expect(migrationsOf('4.16.0')).toEqual({ postgres: '20260813120000', clickhouse: 46 });
    expect([migrationsOf('4.99.0'), migrationsOf('3'), migrationsOf(null)]).toEqual([null, null, null]);
  });

  it.each([
    ['4.16.0', 'known'],
    ['4.16.1', 'newer-minor'],
    ['4.99.0', 'newer-minor'],
    ['5.0.0', 'newer-major'],
    ['2.0.1', 'known'],
    ['3', null],
    [null, null],
  ])('%s is %s', (version, known) => {
    expect(knownness(version)).toBe(known);
  });
});
