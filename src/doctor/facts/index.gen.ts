// Made from file names by `npm run generate`. Do not edit.
import { clickhouseLoginFact } from './clickhouse/login.ts';
import { clickhouseMigrationsFact } from './clickhouse/migrations.ts';
import { clickhouseSizeFact } from './clickhouse/size.ts';
import { configEnvFact } from './config/env.ts';
import { deploymentDiscoveryFact } from './deployment/discovery.ts';
import { deploymentIdleTimeFact } from './deployment/idle-time.ts';
import { deploymentVersionFact } from './deployment/version.ts';
import { helmRevisionsFact } from './helm/revisions.ts';
import { kubeEndpointsFact } from './kube/endpoints.ts';
import { kubeLogsFact } from './kube/logs.ts';
import { kubePodsFact } from './kube/pods.ts';
import { kubePoliciesFact } from './kube/policies.ts';
import { litellmConfigFact } from './litellm/config.ts';
import { litellmKeysFact } from './litellm/keys.ts';
import { litellmProbeFact } from './litellm/probe.ts';
import { objectsEventBucketFact } from './objects/event-bucket.ts';
import { objectsOtherBucketsFact } from './objects/other-buckets.ts';
import { postgresExportsFact } from './postgres/exports.ts';
import { postgresLoginFact } from './postgres/login.ts';
import { postgresMediaFact } from './postgres/media.ts';
import { postgresMigrationsFact } from './postgres/migrations.ts';
import { postgresSizeFact } from './postgres/size.ts';
import { redisLoginFact } from './redis/login.ts';
import { redisMemoryFact } from './redis/memory.ts';
import { redisQueuesFact } from './redis/queues.ts';
import { webHttpFact } from './web/http.ts';
import { workerHttpFact } from './worker/http.ts';

export const facts = [
  clickhouseLoginFact,
  clickhouseMigrationsFact,
  clickhouseSizeFact,
  configEnvFact,
  deploymentDiscoveryFact,
  deploymentIdleTimeFact,
  deploymentVersionFact,
  helmRevisionsFact,
  kubeEndpointsFact,
  kubeLogsFact,
  kubePodsFact,
  kubePoliciesFact,
  litellmConfigFact,
  litellmKeysFact,
  litellmProbeFact,
  objectsEventBucketFact,
  objectsOtherBucketsFact,
  postgresExportsFact,
  postgresLoginFact,
  postgresMediaFact,
  postgresMigrationsFact,
  postgresSizeFact,
  redisLoginFact,
  redisMemoryFact,
  redisQueuesFact,
  webHttpFact,
  workerHttpFact,
] as const;

/** Value of each fact by its id. */
export interface FactValues {
  'clickhouse/login': Awaited<ReturnType<(typeof clickhouseLoginFact)['collect']>>;
  'clickhouse/migrations': Awaited<ReturnType<(typeof clickhouseMigrationsFact)['collect']>>;
  'clickhouse/size': Awaited<ReturnType<(typeof clickhouseSizeFact)['collect']>>;
  'config/env': Awaited<ReturnType<(typeof configEnvFact)['collect']>>;
  'deployment/discovery': Awaited<ReturnType<(typeof deploymentDiscoveryFact)['collect']>>;
  'deployment/idle-time': Awaited<ReturnType<(typeof deploymentIdleTimeFact)['collect']>>;
  'deployment/version': Awaited<ReturnType<(typeof deploymentVersionFact)['collect']>>;
  'helm/revisions': Awaited<ReturnType<(typeof helmRevisionsFact)['collect']>>;
  'kube/endpoints': Awaited<ReturnType<(typeof kubeEndpointsFact)['collect']>>;
  'kube/logs': Awaited<ReturnType<(typeof kubeLogsFact)['collect']>>;
  'kube/pods': Awaited<ReturnType<(typeof kubePodsFact)['collect']>>;
  'kube/policies': Awaited<ReturnType<(typeof kubePoliciesFact)['collect']>>;
  'litellm/config': Awaited<ReturnType<(typeof litellmConfigFact)['collect']>>;
  'litellm/keys': Awaited<ReturnType<(typeof litellmKeysFact)['collect']>>;
  'litellm/probe': Awaited<ReturnType<(typeof litellmProbeFact)['collect']>>;
  'objects/event-bucket': Awaited<ReturnType<(typeof objectsEventBucketFact)['collect']>>;
  'objects/other-buckets': Awaited<ReturnType<(typeof objectsOtherBucketsFact)['collect']>>;
  'postgres/exports': Awaited<ReturnType<(typeof postgresExportsFact)['collect']>>;
  'postgres/login': Awaited<ReturnType<(typeof postgresLoginFact)['collect']>>;
  'postgres/media': Awaited<ReturnType<(typeof postgresMediaFact)['collect']>>;
  'postgres/migrations': Awaited<ReturnType<(typeof postgresMigrationsFact)['collect']>>;
  'postgres/size': Awaited<ReturnType<(typeof postgresSizeFact)['collect']>>;
  'redis/login': Awaited<ReturnType<(typeof redisLoginFact)['collect']>>;
  'redis/memory': Awaited<ReturnType<(typeof redisMemoryFact)['collect']>>;
  'redis/queues': Awaited<ReturnType<(typeof redisQueuesFact)['collect']>>;
  'web/http': Awaited<ReturnType<(typeof webHttpFact)['collect']>>;
  'worker/http': Awaited<ReturnType<(typeof workerHttpFact)['collect']>>;
}
