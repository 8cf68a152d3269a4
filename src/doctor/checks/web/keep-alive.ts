import type { Route } from '../../../deployment/model.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenKind, routeKinds } from '../../hidden.ts';
import { loadBalancerIdle } from '../../load-balancer-idle.ts';
import type { HttpView } from '../../views.ts';
import { failing, manual, setVariableFix } from '../../wording.ts';

export const webKeepAliveCheck = defineCheck({
  id: 'web/keep-alive',
  area: 'web',
  title: 'web keeps idle connections longer than the load balancer does',
  why: "When web closes first, a request that meets the close becomes a 502. Node closes after 5 s; the image's --keepAliveTimeout argument and LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS change nothing, KEEP_ALIVE_TIMEOUT (milliseconds) does. Measured from the Keep-Alive header on the pod.",
  severity: 'warning',
  uses: ['deployment/discovery', 'web/http', 'config/env', 'deployment/idle-time'],
  explains: [],
  evaluate: ({ facts }) => {
    const { routes, unknown, namespace } = facts['deployment/discovery'];
    const given = facts['deployment/idle-time'].seconds;
    const idle = given ?? loadBalancerIdle(routes);
    const hidden = given === null ? hiddenKind(unknown, routeKinds, namespace) : null;
    if (idle === null) return noIdleTime(routes, hidden);
    const short = shortest(facts['web/http']);
    if (short === null)
      return {
        status: 'unknown',
        reason: 'no web pod gave a Keep-Alive header',
        blockers: ['web/health', 'kube/pods'],
      };
    if (short.seconds <= idle)
      return closesFirst(
        short,
        idle,
        facts['config/env'].find((env) => env.role === 'web'),
      );
    if (hidden !== null) return { status: 'unknown', reason: hidden };
    return { status: 'ok', detail: `${short.seconds} s, load balancer ${idle} s` };
  },
});

function noIdleTime(routes: readonly Route[], hidden: string | null): Verdict {
  if (hidden !== null) return { status: 'unknown', reason: hidden };
  const kinds = [...new Set(routes.map((route) => route.kind))];
  const reason =
    kinds.length === 0
      ? 'not exposed: no load balancer before web is known'
      : `how long the load balancer behind ${kinds.join(', ')} keeps idle connections is not known: ingress.loadBalancerIdleSeconds of the configuration file says it`;
  return { status: 'skipped', reason };
}

/** The pod that closes first, by the header that it sent. */
function shortest(pods: readonly HttpView[]): Measured | null {
  const measured = pods.flatMap(({ namespace, pod, keepAliveSeconds: seconds }) =>
    seconds === null ? [] : [{ namespace, pod, seconds }],
  );
  return measured.toSorted((left, right) => left.seconds - right.seconds)[0] ?? null;
}

interface Measured extends Pick<HttpView, 'namespace' | 'pod'> {
  readonly seconds: number;
}

function closesFirst({ namespace, pod, seconds }: Measured, idle: number, web?: ComponentEnvView): Verdict {
  const wantedMs = (idle + 20) * 1000;
  return failing(
    `web closes idle connections after ${seconds} s, the load balancer keeps them ${idle} s: sporadic 502`,
    [
      {
        source: `Keep-Alive header of pod ${pod}`,
        again: `kubectl port-forward -n ${namespace} ${pod} 3000 >/dev/null & sleep 2; curl -si localhost:3000/api/public/health | grep -i keep-alive; kill $!`,
        observed: `timeout=${seconds}`,
        expected: `more than ${idle}`,
      },
    ],
    [
      web === undefined
        ? manual(`set KEEP_ALIVE_TIMEOUT=${wantedMs} on web`)
        : setVariableFix(web, 'KEEP_ALIVE_TIMEOUT', String(wantedMs)),
    ],
  );
}
