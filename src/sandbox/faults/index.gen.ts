// Made from file names by `npm run generate`. Do not edit.
import { backlogFault } from './backlog.ts';
import { bucketMissingFault } from './bucket-missing.ts';
import { clickhouseAuthFault } from './clickhouse-auth.ts';
import { clickhouseDownFault } from './clickhouse-down.ts';
import { directUrlDiffersFault } from './direct-url-differs.ts';
import { dirtyMigrationFault } from './dirty-migration.ts';
import { encryptionKeyInvalidFault } from './encryption-key-invalid.ts';
import { exportEndpointInternalFault } from './export-endpoint-internal.ts';
import { failedJobsFault } from './failed-jobs.ts';
import { helmPendingFault } from './helm-pending.ts';
import { imageMissingFault } from './image-missing.ts';
import { inertNamesFault } from './inert-names.ts';
import { keepAliveDefaultFault } from './keep-alive-default.ts';
import { keepAliveInertNamesFault } from './keep-alive-inert-names.ts';
import { litellmCutOffFault } from './litellm-cut-off.ts';
import { litellmNoCallbackFault } from './litellm-no-callback.ts';
import { litellmNoHostFault } from './litellm-no-host.ts';
import { litellmWrongKeysFault } from './litellm-wrong-keys.ts';
import { mediaBucketMissingFault } from './media-bucket-missing.ts';
import { mediaEndpointInternalFault } from './media-endpoint-internal.ts';
import { mixedTagsFault } from './mixed-tags.ts';
import { newerThanKnownFault } from './newer-than-known.ts';
import { nextauthSecretMissingFault } from './nextauth-secret-missing.ts';
import { nextauthUrlMismatchFault } from './nextauth-url-mismatch.ts';
import { noPathStyleFault } from './no-path-style.ts';
import { plaintextSecretFault } from './plaintext-secret.ts';
import { postgresDownFault } from './postgres-down.ts';
import { prismaFailedFault } from './prisma-failed.ts';
import { queueDisabledFault } from './queue-disabled.ts';
import { redisAuthFault } from './redis-auth.ts';
import { redisDownFault } from './redis-down.ts';
import { redisEvictsFault } from './redis-evicts.ts';
import { s3DownFault } from './s3-down.ts';
import { s3WrongSecretFault } from './s3-wrong-secret.ts';
import { saltMissingFault } from './salt-missing.ts';
import { scaledToZeroFault } from './scaled-to-zero.ts';
import { secretKeyMissingFault } from './secret-key-missing.ts';
import { unencodedPasswordFault } from './unencoded-password.ts';
import { unknownCrashFault } from './unknown-crash.ts';
import { v2EnvOnV3Fault } from './v2-env-on-v3.ts';
import { v4FlagsInvalidFault } from './v4-flags-invalid.ts';
import { v4RefusesOldSdkFault } from './v4-refuses-old-sdk.ts';
import { webAnswers500Fault } from './web-answers-500.ts';
import { webWorkerDisagreeFault } from './web-worker-disagree.ts';
import { workerDownFault } from './worker-down.ts';
import { workerUnhealthyFault } from './worker-unhealthy.ts';
import { wrongHostFault } from './wrong-host.ts';
import { wrongPasswordFault } from './wrong-password.ts';

export const faults = [
  backlogFault,
  bucketMissingFault,
  clickhouseAuthFault,
  clickhouseDownFault,
  directUrlDiffersFault,
  dirtyMigrationFault,
  encryptionKeyInvalidFault,
  exportEndpointInternalFault,
  failedJobsFault,
  helmPendingFault,
  imageMissingFault,
  inertNamesFault,
  keepAliveDefaultFault,
  keepAliveInertNamesFault,
  litellmCutOffFault,
  litellmNoCallbackFault,
  litellmNoHostFault,
  litellmWrongKeysFault,
  mediaBucketMissingFault,
  mediaEndpointInternalFault,
  mixedTagsFault,
  newerThanKnownFault,
  nextauthSecretMissingFault,
  nextauthUrlMismatchFault,
  noPathStyleFault,
  plaintextSecretFault,
  postgresDownFault,
  prismaFailedFault,
  queueDisabledFault,
  redisAuthFault,
  redisDownFault,
  redisEvictsFault,
  s3DownFault,
  s3WrongSecretFault,
  saltMissingFault,
  scaledToZeroFault,
  secretKeyMissingFault,
  unencodedPasswordFault,
  unknownCrashFault,
  v2EnvOnV3Fault,
  v4FlagsInvalidFault,
  v4RefusesOldSdkFault,
  webAnswers500Fault,
  webWorkerDisagreeFault,
  workerDownFault,
  workerUnhealthyFault,
  wrongHostFault,
  wrongPasswordFault,
] as const;
