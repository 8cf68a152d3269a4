import { defineCheck } from '../../check.ts';
import { healthTrouble, workerHealth } from '../../health.ts';
import { failing, manual, podsOfPart } from '../../wording.ts';

export const workerHealthCheck = defineCheck({
  id: 'worker/health',
  area: 'worker',
  title: 'the worker answers its health call',
  why: 'It asks Postgres and pings Redis, and answers 500 (not 503) when one fails. It looks at neither ClickHouse nor the object store.',
  severity: 'critical',
  uses: ['kube/pods', 'worker/http'],
  sees: ['deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', 'worker/consuming', 'queue/backlog'],
  evaluate: ({ facts, outcomes, now }) => {
    const pods = podsOfPart(facts['kube/pods'], 'worker');
    const discovery = outcomes['deployment/discovery'];
    if (pods.length === 0 && discovery.status === 'known')
      return { status: 'unknown', reason: 'no worker pod runs', blockers: ['worker/running'] };
    const trouble = healthTrouble(pods, facts['worker/http'], [workerHealth], now);
    if (trouble.kind === 'none') return { status: 'ok', detail: `${trouble.answering} pods` };
    if (trouble.kind === 'unknown') return { status: 'unknown', reason: trouble.reason };
    return failing(
      `worker pod ${trouble.pod ?? ''} answers ${trouble.observed}`,
      [
        {
          source: `${workerHealth} on the pod`,
          again: trouble.again,
          observed: trouble.observed,
          expected: '200 {"status":"ok"}',
        },
      ],
      [manual('read its log', `kubectl logs -n ${trouble.namespace} ${trouble.pod ?? ''} --tail 100`)],
      { confidence: /^\d/.test(trouble.observed) ? 0.7 : 0.5 },
    );
  },
});
