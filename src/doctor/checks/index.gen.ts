// Made from file names by `npm run generate`. Do not edit.
import { clickhouseAuthCheck } from './clickhouse/auth.ts';
import { clickhouseMigrationsCheck } from './clickhouse/migrations.ts';
import { clickhouseReachableCheck } from './clickhouse/reachable.ts';
import { configDatabaseUrlCheck } from './config/database-url.ts';
import { configDirectUrlCheck } from './config/direct-url.ts';
import { configEncryptionKeyCheck } from './config/encryption-key.ts';
import { configInertEnvCheck } from './config/inert-env.ts';
import { configNextauthUrlCheck } from './config/nextauth-url.ts';
import { configRequiredEnvCheck } from './config/required-env.ts';
import { configV3StoresCheck } from './config/v3-stores.ts';
import { configV4ModeCheck } from './config/v4-mode.ts';
import { configWebWorkerAgreeCheck } from './config/web-worker-agree.ts';
import { helmReleaseCheck } from './helm/release.ts';
import { ingestionRefusedCheck } from './ingestion/refused.ts';
import { kubeImagesCheck } from './kube/images.ts';
import { kubePodsCheck } from './kube/pods.ts';
import { kubeReplicasCheck } from './kube/replicas.ts';
import { kubeSecretRefsCheck } from './kube/secret-refs.ts';
import { litellmCallbacksCheck } from './litellm/callbacks.ts';
import { litellmHostCheck } from './litellm/host.ts';
import { litellmKeysCheck } from './litellm/keys.ts';
import { litellmReachableCheck } from './litellm/reachable.ts';
import { objectsBucketCheck } from './objects/bucket.ts';
import { objectsCredentialsCheck } from './objects/credentials.ts';
import { objectsExportEndpointCheck } from './objects/export-endpoint.ts';
import { objectsMediaEndpointCheck } from './objects/media-endpoint.ts';
import { objectsOtherBucketsCheck } from './objects/other-buckets.ts';
import { objectsPathStyleCheck } from './objects/path-style.ts';
import { objectsReachableCheck } from './objects/reachable.ts';
import { postgresAuthCheck } from './postgres/auth.ts';
import { postgresMigrationsCheck } from './postgres/migrations.ts';
import { postgresReachableCheck } from './postgres/reachable.ts';
import { queueBacklogCheck } from './queue/backlog.ts';
import { queueFailedCheck } from './queue/failed.ts';
import { redisAuthCheck } from './redis/auth.ts';
import { redisEvictionCheck } from './redis/eviction.ts';
import { redisReachableCheck } from './redis/reachable.ts';
import { secretsPlaintextCheck } from './secrets/plaintext.ts';
import { versionsConsistentCheck } from './versions/consistent.ts';
import { versionsKnownCheck } from './versions/known.ts';
import { webHealthCheck } from './web/health.ts';
import { webKeepAliveCheck } from './web/keep-alive.ts';
import { workerConsumingCheck } from './worker/consuming.ts';
import { workerHealthCheck } from './worker/health.ts';
import { workerRunningCheck } from './worker/running.ts';

export const checks = [
  clickhouseAuthCheck,
  clickhouseMigrationsCheck,
  clickhouseReachableCheck,
  configDatabaseUrlCheck,
  configDirectUrlCheck,
  configEncryptionKeyCheck,
  configInertEnvCheck,
  configNextauthUrlCheck,
  configRequiredEnvCheck,
  configV3StoresCheck,
  configV4ModeCheck,
  configWebWorkerAgreeCheck,
  helmReleaseCheck,
  ingestionRefusedCheck,
  kubeImagesCheck,
  kubePodsCheck,
  kubeReplicasCheck,
  kubeSecretRefsCheck,
  litellmCallbacksCheck,
  litellmHostCheck,
  litellmKeysCheck,
  litellmReachableCheck,
  objectsBucketCheck,
  objectsCredentialsCheck,
  objectsExportEndpointCheck,
  objectsMediaEndpointCheck,
  objectsOtherBucketsCheck,
  objectsPathStyleCheck,
  objectsReachableCheck,
  postgresAuthCheck,
  postgresMigrationsCheck,
  postgresReachableCheck,
  queueBacklogCheck,
  queueFailedCheck,
  redisAuthCheck,
  redisEvictionCheck,
  redisReachableCheck,
  secretsPlaintextCheck,
  versionsConsistentCheck,
  versionsKnownCheck,
  webHealthCheck,
  webKeepAliveCheck,
  workerConsumingCheck,
  workerHealthCheck,
  workerRunningCheck,
] as const;
