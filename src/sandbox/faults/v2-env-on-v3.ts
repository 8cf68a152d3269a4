import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

/** What Langfuse 2 does not know. */
const newer = [
  'CLICKHOUSE_URL',
  'CLICKHOUSE_MIGRATION_URL',
  'CLICKHOUSE_USER',
  'CLICKHOUSE_PASSWORD',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_AUTH',
  'REDIS_CONNECTION_STRING',
  'LANGFUSE_S3_EVENT_UPLOAD_BUCKET',
  'LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT',
  'LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID',
  'LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY',
];

export const v2EnvOnV3Fault = defineFault({
  name: 'v2-env-on-v3',
  area: 'start-up',
  summary: 'the variables are those of Langfuse 2, the image is newer: web stops for want of CLICKHOUSE_URL',
  firstVerdict: 'config/v3-stores',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    const none = Object.fromEntries(newer.map((name) => [name, null]));
    await changeVariables(context, none, ['web', 'worker']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
    await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
