import type { DoctorReport, CheckResult } from '../../../src/doctor/report.ts';

const check = (id: string, status: CheckResult['status'], parts: Partial<CheckResult> = {}): CheckResult => ({
  id,
  area: id.split('/')[0] as CheckResult['area'],
  title: `${id} is well`,
  status,
  severity: 'critical',
  ms: 12,
  ...parts,
});

/** Redis is down: one cause, two consequences, one warning, one unknown, one blocked. */
export const redisDown: DoctorReport = {
  verdict: 'findings',
  causes: [
    {
      id: 'redis/reachable',
      title: 'Langfuse reaches Redis',
      severity: 'critical',
      confidence: 1,
      detail:
        'No ready pod stands behind the Service langfuse-redis that REDIS_HOST names, and the worker logs refused connections.',
      evidence: [
        {
          source: 'endpoints of service/langfuse-redis',
          again: 'kubectl -n hyperplane-langfuse get endpoints langfuse-redis -o wide',
          observed: '0 ready addresses',
          expected: 'at least 1',
        },
        {
          source: 'log of langfuse-worker-7d9',
          again: 'kubectl -n hyperplane-langfuse logs langfuse-worker-7d9 --tail=50',
          observed: '\u001B[31mError: connect ECONNREFUSED\u001B[0m 10.0.0.1:6379\r\n<&"\u0007',
          expected: 'no connection errors',
        },
      ],
      fix: [
        {
          text: 'Start Redis again',
          command: 'kubectl -n hyperplane-langfuse scale statefulset/langfuse-redis --replicas=1',
          automatic: false,
        },
      ],
      explains: ['worker/consuming', 'queue/backlog'],
      since: '2026-11-21T02:00:00Z',
    },
    {
      id: 'web/keep-alive',
      title: 'web keeps idle connections long enough',
      severity: 'warning',
      confidence: 0.8,
      detail: 'web closes idle connections after 5 s, the load balancer after 600 s.',
      evidence: [
        {
          source: 'response header',
          again: 'curl -sI http://x',
          observed: 'timeout=5',
          expected: 'above 600 s',
        },
      ],
      fix: [
        {
          text: 'Set it',
          manifest: 'env:\n  - name: KEEP_ALIVE_TIMEOUT\n    value: "620000"',
          automatic: false,
        },
      ],
      explains: [],
    },
  ],
  checks: [
    check('config/required-env', 'ok'),
    check('config/direct-url', 'skipped', { reason: 'DIRECT_URL is not set' }),
    check('redis/reachable', 'fail', { detail: 'No ready pod stands behind the Service langfuse-redis.' }),
    check('redis/auth', 'blocked', { blockedBy: 'redis/reachable' }),
    check('worker/consuming', 'fail', { detail: 'No job was taken within 1 s.' }),
    check('objects/reachable', 'unknown', { reason: 'forbidden: get secrets in hyperplane-minio' }),
    check('web/keep-alive', 'fail', { severity: 'warning', detail: '5 s < 600 s' }),
  ],
  counts: { ok: 1, fail: 3, unknown: 1, blocked: 1, skipped: 1, muted: 0 },
  ms: 1234,
};

export const healthy: DoctorReport = {
  verdict: 'healthy',
  causes: [],
  checks: [check('config/required-env', 'ok'), check('redis/reachable', 'ok')],
  counts: { ok: 2, fail: 0, unknown: 0, blocked: 0, skipped: 0, muted: 0 },
  ms: 321,
};

/** A warning alone leaves the verdict healthy. */
export const warned: DoctorReport = {
  ...redisDown,
  verdict: 'healthy',
  causes: redisDown.causes.slice(1),
  checks: redisDown.checks.filter(({ id }) => ['config/required-env', 'web/keep-alive'].includes(id)),
  counts: { ok: 1, fail: 1, unknown: 0, blocked: 0, skipped: 0, muted: 0 },
};
