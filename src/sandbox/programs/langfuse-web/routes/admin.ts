import type { JobState, Queue } from 'bullmq';
import { isRecord } from '../../langfuse/event-check.ts';
import { checkAdmin } from '../admin-auth.ts';
import { HttpError, type Answer } from '../answer.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

const states = [
  'active',
  'completed',
  'delayed',
  'failed',
  'paused',
  'prioritized',
  'waiting',
  'waiting-children',
] as const;
const queueNames = [
  'ingestion-queue',
  'secondary-ingestion-queue',
  'otel-ingestion-queue',
  'secondary-otel-ingestion-queue',
  'trace-delete',
  'score-delete',
  'project-delete',
  'batch-export-queue',
  'webhook-queue',
];

async function depths(web: Web, call: Call): Promise<Answer> {
  checkAdmin(web, call);
  const json = await Promise.all(
    queueNames.map(async (queueName) => {
      const queue = await web.queues.get(queueName);
      return { queueName, jobCount: await queue.getJobCounts(...states) };
    }),
  );
  return { status: 200, json };
}

async function manage(web: Web, call: Call): Promise<Answer> {
  checkAdmin(web, call);
  const body = await jsonBody(call);
  const { action, queueNames: names, bullStatus } = isRecord(body) ? body : {};
  if (!Array.isArray(names) || (action !== 'retry' && action !== 'remove'))
    throw new HttpError(400, { error: 'Invalid request data' });
  for (const name of names.map(String)) {
    const queue = await web.queues.get(name);
    if (action === 'retry') await queue.retryJobs({ state: 'failed', count: 1000 });
    else await removeJobs(queue, String(bullStatus));
  }
  const message = action === 'retry' ? 'Retried jobs' : 'Removed jobs';
  return { status: 200, json: { message: `${message} for queues ${names.join(', ')}` } };
}

type Removable = Parameters<Queue['clean']>[2] & JobState;

async function removeJobs(queue: Queue, status: string): Promise<void> {
  await queue.clean(0, 0, status as Removable);
}

export const adminRoutes: readonly Route[] = [
  {
    path: '/api/admin/bullmq',
    methods: { GET: depths, POST: manage },
    notAllowed: { error: 'Method Not Allowed' },
  },
];
