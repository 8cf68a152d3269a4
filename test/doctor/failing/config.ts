import type { FailingRow } from './change.ts';
import { variable, unset, store, set, sinceThree } from './change.ts';

export const configRows: readonly FailingRow[] = [
  {
    check: 'config/required-env',
    when: 'SALT is not set',
    change: (f) => unset(f, 'web', 'SALT'),
    says: /SALT.*not set/,
  },
  {
    check: 'config/required-env',
    when: 'the bucket is empty',
    change: (f) => {
      variable(f, 'worker', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET').fingerprint = null;
    },
    says: /LANGFUSE_S3_EVENT_UPLOAD_BUCKET \(deployment\/langfuse-worker\)/,
    on: sinceThree,
  },
  {
    check: 'config/encryption-key',
    when: 'it is short',
    change: (f) => {
      variable(f, 'web', 'ENCRYPTION_KEY').shape = { length: 9, hex: true, url: null, unencoded: '' };
    },
    says: /9 characters/,
  },
  {
    check: 'config/encryption-key',
    when: 'it is not hexadecimal',
    change: (f) => {
      variable(f, 'worker', 'ENCRYPTION_KEY').shape = { length: 64, hex: false, url: null, unencoded: '' };
    },
    says: /not all 0-9a-f/,
    on: sinceThree,
  },
  {
    check: 'config/database-url',
    when: 'the password breaks the URL',
    change: (f) => {
      Object.assign(store(f, 'postgres'), { host: null, why: 'the password holds # unencoded' });
    },
    says: /holds # unencoded/,
  },
  {
    check: 'config/database-url',
    when: 'the host is no Service',
    change: (f) => {
      store(f, 'postgres').placement = {
        kind: 'no-service',
        namespace: 'hyperplane-langfuse',
        service: 'pg',
      };
    },
    says: /no Service pg/,
  },
  {
    check: 'config/v3-stores',
    when: 'web has the variables of 2',
    change: (f) => {
      for (const name of ['CLICKHOUSE_URL', 'REDIS_HOST', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET'])
        unset(f, 'web', name);
    },
    says: /deployment\/langfuse runs Langfuse .* with the variables of 2/,
  },
  {
    check: 'config/v4-mode',
    when: 'only the write mode is legacy',
    change: (f) => {
      set(f, 'worker', 'LANGFUSE_MIGRATION_V4_WRITE_MODE', 'legacy');
      unset(f, 'worker', 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR');
    },
    says: /WRITE_MODE=legacy does not go with .*_OTEL_BEHAVIOUR=direct \(the default\)/,
  },
  {
    check: 'config/v4-mode',
    when: 'spans are to be written twice in events_only',
    change: (f) => {
      unset(f, 'worker', 'LANGFUSE_MIGRATION_V4_WRITE_MODE');
      set(f, 'worker', 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR', 'dual_write');
    },
    says: /WRITE_MODE=events_only does not go with .*_OTEL_BEHAVIOUR=dual_write/,
  },
  {
    check: 'config/v4-mode',
    when: 'the preview is off in events_only',
    change: (f) => {
      unset(f, 'worker', 'LANGFUSE_MIGRATION_V4_WRITE_MODE');
      unset(f, 'worker', 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR');
      set(f, 'worker', 'LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN', 'false');
    },
    says: /ALLOW_PREVIEW_OPT_IN=false/,
  },
  {
    check: 'config/direct-url',
    when: 'the database is another',
    change: (f) => {
      const direct = f['deployment/discovery'].stores.postgresDirect;
      if (direct !== null) direct.database = 'old';
    },
    says: /\/old/,
  },
  {
    check: 'config/inert-env',
    when: 'only a house name is set',
    change: (f) => unset(f, 'web', 'KEEP_ALIVE_TIMEOUT'),
    says: /LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS.*not read by this version/,
    // What a later version reads is not known.
    on: ['2.95.12', '3.199.0', '3.225.4', '4.16.0'],
  },
  {
    check: 'config/web-worker-agree',
    when: 'the prefix differs',
    change: (f) => {
      variable(f, 'worker', 'LANGFUSE_S3_EVENT_UPLOAD_PREFIX').fingerprint = '00000000';
    },
    says: /LANGFUSE_S3_EVENT_UPLOAD_PREFIX/,
  },
  {
    check: 'config/nextauth-url',
    when: 'it is the chart default',
    change: (f) => {
      f['deployment/discovery'].publicUrl = 'http://localhost:3000';
    },
    says: /localhost/,
  },
  {
    check: 'secrets/plaintext',
    when: 'a literal holds SALT',
    change: (f) => {
      variable(f, 'web', 'SALT').source = { from: 'literal' };
    },
    says: /SALT in plain text/,
  },
  {
    check: 'secrets/plaintext',
    when: 'values.yaml holds a password',
    change: (f) => {
      f['helm/revisions'].at(-1)?.plaintextSecretPaths.push('postgresql.auth.password');
    },
    says: /postgresql\.auth\.password/,
  },
  {
    check: 'config/required-env',
    when: 'no way to Redis is named',
    change: (f) => unset(f, 'web', 'REDIS_HOST'),
    says: /REDIS_HOST \(deployment\/langfuse\) is not set: web starts and answers 500 to every event/,
    on: sinceThree,
  },
  {
    check: 'config/required-env',
    when: 'the way around a missing variable is shut',
    change: (f) => {
      unset(f, 'web', 'CLICKHOUSE_MIGRATION_URL');
      set(f, 'web', 'LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED', 'false');
    },
    says: /CLICKHOUSE_MIGRATION_URL/,
    on: sinceThree,
  },
  {
    check: 'config/inert-env',
    when: "the bucket has Langfuse 2's names",
    change: (f) => {
      set(f, 'web', 'S3_ENDPOINT', 'http://minio:9000');
      unset(f, 'web', 'LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT');
      unset(f, 'web', 'LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT');
    },
    says: /S3_ENDPOINT: set, and not read by this version/,
    on: ['3.199.0', '3.225.4', '4.16.0'],
  },
  {
    check: 'config/inert-env',
    when: 'a variable of a later version is set',
    change: (f) => set(f, 'web', 'LANGFUSE_MIGRATION_V4_WRITE_MODE', 'dual'),
    says: /LANGFUSE_MIGRATION_V4_WRITE_MODE/,
    on: ['2.95.12'],
  },
];
