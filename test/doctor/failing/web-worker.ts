import { workerJobs } from '../../../src/doctor/health.ts';
import type { FailingRow } from './change.ts';
import { ago, env, logLine, pod } from './change.ts';

export const webWorkerRows: readonly FailingRow[] = [
  {
    check: 'web/health',
    when: 'it answers 500',
    change: (f) => {
      for (const one of f['web/http'])
        one.answers['/api/public/health'] = { status: 500, ms: 5, body: 'Internal Server Error' };
    },
    says: /answers 500/,
  },
  {
    check: 'web/health',
    when: 'a proxy answers with HTML',
    change: (f) => {
      for (const one of f['web/http'])
        one.answers['/api/public/health'] = { status: 200, ms: 5, body: '<html>' };
    },
    says: /not JSON/,
  },
  {
    check: 'worker/health',
    when: 'it answers 500',
    change: (f) => {
      for (const one of f['worker/http'])
        one.answers['/api/health'] = { status: 500, ms: 5, body: '{"status":"error"}' };
    },
    says: /answers 500/,
  },
  {
    check: 'worker/running',
    when: 'it is scaled to zero',
    change: (f) => {
      for (const one of f['deployment/discovery'].components)
        if (one.role === 'worker') one.desiredReplicas = 0;
    },
    says: /scaled to zero/,
  },
  {
    check: 'worker/running',
    when: 'there is none',
    change: (f) => {
      f['deployment/discovery'].components = f['deployment/discovery'].components.filter(
        (one) => one.role === 'web',
      );
    },
    says: /no worker was found/,
  },
  {
    check: 'worker/consuming',
    when: 'the queue is switched off',
    change: (f) => {
      env(f, 'worker').variables.push({
        name: 'QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED',
        source: { from: 'literal' },
        fingerprint: '12345678',
        value: 'false',
        shape: null,
      });
    },
    says: /no worker consumes ingestion-queue/,
  },
  {
    check: 'worker/consuming',
    when: 'due jobs stand still',
    change: (f) => {
      f['redis/queues'].stalled = ['otel-ingestion-queue'];
    },
    says: /otel-ingestion-queue are due/,
  },
  {
    check: 'queue/backlog',
    when: 'a job is two minutes late',
    change: (f) => {
      Object.assign(f['redis/queues'].queues[0] ?? {}, { lateMs: 120_000, waiting: 7, delayed: 0 });
    },
    says: /120 s late, 7 wait/,
  },
  {
    check: 'queue/failed',
    when: 'a job failed',
    change: (f) => {
      Object.assign(f['redis/queues'].queues[0] ?? {}, {
        failed: 3,
        lastFailure: { at: ago(1000), reason: 'ECONNREFUSED' },
      });
    },
    says: /3 jobs failed for good.*ECONNREFUSED/,
  },
  {
    check: 'web/keep-alive',
    when: 'it is the default',
    change: (f) => {
      for (const one of f['web/http']) one.keepAliveSeconds = 5;
    },
    says: /after 5 s, the load balancer keeps them 600 s/,
  },
  {
    check: 'worker/consuming',
    when: 'the worker itself says that it is stuck',
    change: (f) => {
      for (const one of f['worker/http'])
        one.answers[workerJobs] = {
          status: 503,
          ms: 5,
          body: '{"status":"Queue consumption stuck","queueConsumption":{"stuck":true}}',
        };
    },
    says: /says of itself: Queue consumption stuck/,
  },
  {
    check: 'ingestion/refused',
    when: 'web says so now',
    change: (f) => {
      for (const part of ['web', 'litellm']) pod(f, part).startedAt = ago(600_000);
      logLine(f, 'web', 'ingestion-refused', 'warn Rejected 1 event(s) from the legacy endpoint');
    },
    says: /web refuses events/,
  },
];
