import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { failing, manual, podsOfPart } from '../../wording.ts';
import type { HealthTrouble } from '../../health.ts';
import { healthTrouble } from '../../health.ts';
import type { HttpView } from '../../views.ts';

const plain = '/api/public/health';
const withDatabase = '/api/public/health?failIfDatabaseUnavailable=true';

export const webHealthCheck = defineCheck({
  id: 'web/health',
  area: 'web',
  title: 'web answers its health call',
  why: 'Asked of each pod itself, past Services and proxies. Green proves little: no version of this call looks at ClickHouse, Redis or the object store.',
  severity: 'critical',
  uses: ['web/http'],
  sees: ['kube/pods', 'deployment/discovery'],
  explains: ['kube/pods', 'litellm/reachable', 'web/keep-alive'],
  evaluate: ({ facts, outcomes, now }) => {
    if (outcomes['deployment/discovery'].status !== 'known') return byUrl(facts['web/http']);
    const seen = outcomes['kube/pods'];
    if (seen.status !== 'known') return { status: seen.status, reason: seen.reason };
    const pods = podsOfPart(seen.value, 'web');
    const trouble = healthTrouble(pods, facts['web/http'], [plain, withDatabase], now);
    if (trouble.kind === 'none') return { status: 'ok', detail: `${trouble.answering} pods` };
    if (trouble.kind === 'unknown') return { status: 'unknown', reason: trouble.reason };
    return notWell(trouble);
  },
});

function notWell({ pod, observed, again, namespace }: Extract<HealthTrouble, { kind: 'trouble' }>): Verdict {
  return failing(
    pod === null ? 'no web pod answers' : `web pod ${pod} answers ${observed}`,
    [{ source: `${plain} on the pod`, again, observed, expected: '200 {"status":"OK"}' }],
    [manual('read its log', `kubectl logs -n ${namespace} ${pod ?? '-l app=langfuse'} --tail 100`)],
    { confidence: /^\d/.test(observed) ? 0.7 : 0.5 },
  );
}

/** Without a cluster: what the given URL answers. */
function byUrl(answers: readonly HttpView[]): Verdict {
  const [answer] = answers;
  const health = answer?.answers[plain];
  const observed =
    health == null ? (answer?.errors[plain] ?? 'no answer') : `${health.status} ${health.body}`.trim();
  if (answer === undefined || /in time|timed out/.test(observed))
    return { status: 'unknown', reason: observed };
  if (health?.status === 200 && /^\s*\{/.test(health.body))
    return { status: 'ok', detail: answer.version ?? answer.pod };
  return failing(
    health == null ? `${answer.pod} does not answer: ${observed}` : `${answer.pod} answers ${observed}`,
    [{ source: plain, again: `curl -si ${answer.pod}${plain}`, observed, expected: '200 {"status":"OK"}' }],
    [manual('check that the URL is the one of Langfuse and that it is served')],
  );
}
