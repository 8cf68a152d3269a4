import { envOf, secret } from '../../fake-kube.ts';
import type { Container } from '../../../../src/ports/kube-objects.ts';
import { runbookSecret, worker } from '../../installations.ts';
import type { ObjectSet, Objects } from './_set.ts';
import { add, changed, home, plain, set } from './_set.ts';

const mode = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';
const digest = `sha256:${'c3d4'.repeat(16)}`;
const from = [{ secretRef: { name: 'env' } }];
const four = { image: 'langfuse/langfuse:4.16.0', workerImage: 'langfuse/langfuse-worker:4.16.0' };
const bare = {
  CLICKHOUSE_URL: null,
  CLICKHOUSE_USER: null,
  CLICKHOUSE_PASSWORD: null,
  REDIS_HOST: null,
  REDIS_AUTH: null,
};
const noEvents = Object.fromEntries(
  Object.keys(runbookSecret)
    .filter((name) => name.startsWith('LANGFUSE_S3_'))
    .map((name) => [name, null]),
);
const two = (
  env: Readonly<Record<string, string | null>> = {},
  image = 'langfuse/langfuse:2.95.12',
): Objects => plain({ image, workerImage: null, env: { ...bare, ...noEvents, ...env } });

const workerSays = (value: string): Partial<Container> => ({
  ...worker('worker', from, four.workerImage),
  env: envOf({ [mode]: value }),
});

/** Which generation, and which tables take writes. */
export const eraSets: readonly ObjectSet[] = [
  set('era-2', two()),
  set('era-2-floating', two({}, 'langfuse/langfuse:2')),
  set('era-2-with-redis', two({ REDIS_HOST: 'langfuse-redis', REDIS_AUTH: 'x' })),
  set(
    'era-2-with-exports-and-media',
    two({
      S3_BUCKET_NAME: 'lf-exports',
      S3_ENDPOINT: 'http://minio.hyperplane-minio:9000',
      S3_REGION: 'auto',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'x',
      LANGFUSE_S3_MEDIA_UPLOAD_ENABLED: 'true',
      LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: 'lf-media',
    }),
  ),
  set(
    'era-2-with-names-of-3',
    two({
      LANGFUSE_S3_EVENT_UPLOAD_BUCKET: 'events',
      LANGFUSE_S3_BATCH_EXPORT_ENABLED: 'true',
      LANGFUSE_S3_BATCH_EXPORT_BUCKET: 'x',
    }),
  ),
  set('era-2-digest-only', two({}, `langfuse/langfuse@${digest}`)),
  set('era-latest-without-clickhouse-or-worker', two({}, 'langfuse/langfuse:latest')),
  set(
    'era-own-image-latest-without-clickhouse',
    plain({
      image: 'corp/llm:latest',
      workerImage: null,
      env: { ...bare, ...noEvents },
      web: { command: ['node', './web/server.js'] },
    }),
  ),
  set('era-4', plain(four)),
  set('era-4-dual', plain({ ...four, env: { [mode]: 'dual' } })),
  set(
    'era-4-legacy',
    plain({ ...four, env: { [mode]: 'legacy', LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR: 'dual_write' } }),
  ),
  set('era-4-nonsense-mode', plain({ ...four, env: { [mode]: 'everything' } })),
  set(
    'era-4-web-and-worker-differ',
    plain({ ...four, env: { [mode]: 'dual' }, worker: workerSays('events_only') }),
  ),
  set(
    'era-4-mode-in-a-closed-secret',
    plain({ ...four, own: { [mode]: { secret: 'closed', key: 'mode' } } }),
    {
      forbidden: ['get secrets'],
    },
  ),
  set(
    'era-digest-only-with-mode-of-4',
    plain({
      image: `langfuse/langfuse@${digest}`,
      workerImage: `langfuse/langfuse-worker@${digest}`,
      env: { [mode]: 'dual' },
    }),
  ),
  set('era-3-with-mode-of-4', plain({ image: 'langfuse/langfuse:3.225.4', env: { [mode]: 'dual' } })),
  set(
    'era-chart-label-is-no-witness',
    changed(
      plain({
        image: `langfuse/langfuse@${digest}`,
        workerImage: null,
        env: { ...bare, CLICKHOUSE_URL: 'http://langfuse-clickhouse:8123' },
      }),
      (objects) => {
        objects['deployments'] = (objects['deployments'] ?? []).map((one) => ({
          ...one,
          metadata: {
            ...one.metadata,
            labels: { ...one.metadata.labels, 'app.kubernetes.io/version': '3.224.1' },
          },
        }));
      },
    ),
  ),
  set(
    'era-unreadable-optional-settings',
    changed(plain({ image: `langfuse/langfuse@${digest}`, workerImage: null, env: bare }), (objects) => {
      add(objects, 'secrets', secret('more', home, {}));
    }),
    { forbidden: ['get secrets'] },
  ),
];
