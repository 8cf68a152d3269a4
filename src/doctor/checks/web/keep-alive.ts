import type { ComponentEnvView, DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenKind, routeKinds } from '../../hidden.ts';
import type { HttpView } from '../../views.ts';
import { failing, manual, setVariableFix } from '../../wording.ts';

/**
 * Idle time after which common load balancers close an upstream connection, in seconds.
 * https://cloud.google.com/load-balancing/docs/https#timeout_and_retries (600),
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html (60),
 * nginx keepalive_timeout of upstreams (60). Behind Istio on GKE Google's load balancer stands in front: 600.
 */
const idleByClass: readonly (readonly [RegExp, number])[] = [
  [/gce|gke|google/i, 600],
  [/alb|aws/i, 60],
  [/nginx/i, 60],
  [/istio/i, 600],
];

export const webKeepAliveCheck = defineCheck({
  id: 'web/keep-alive',
  area: 'web',
  title: 'web keeps idle connections longer than the load balancer does',
  why: "When web closes first, a request that meets the close becomes a 502. Node closes after 5 s; the image's --keepAliveTimeout argument and LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS change nothing, KEEP_ALIVE_TIMEOUT (milliseconds) does. Measured from the Keep-Alive header on the pod.",
  severity: 'warning',
  uses: ['deployment/discovery', 'web/http', 'config/env', 'deployment/idle-time'],
  explains: [],
  evaluate: ({ facts }) => {
    const deployment = facts['deployment/discovery'];
    const given = facts['deployment/idle-time'].seconds;
    const idle = given ?? idleOf(deployment);
    const hidden = given === null ? hiddenKind(deployment.unknown, routeKinds, deployment.namespace) : null;
    if (idle === null && hidden !== null) return { status: 'unknown', reason: hidden };
    if (idle === null)
      return { status: 'skipped', reason: 'not exposed: no load balancer before web is known' };
    const measured = facts['web/http'].filter((pod) => pod.keepAliveSeconds !== null);
    const [short] = measured.toSorted(
      (left, right) => (left.keepAliveSeconds ?? 0) - (right.keepAliveSeconds ?? 0),
    );
    if (short === undefined)
      return {
        status: 'unknown',
        reason: 'no web pod gave a Keep-Alive header',
        blockers: ['web/health', 'kube/pods'],
      };
    const seconds = short.keepAliveSeconds ?? 0;
    if (seconds > idle && hidden !== null) return { status: 'unknown', reason: hidden };
    if (seconds > idle) return { status: 'ok', detail: `${seconds} s, load balancer ${idle} s` };
    return closesFirst(
      short,
      idle,
      facts['config/env'].find((env) => env.role === 'web'),
    );
  },
});

function closesFirst(
  { namespace, pod, keepAliveSeconds }: HttpView,
  idle: number,
  web?: ComponentEnvView,
): Verdict {
  const seconds = keepAliveSeconds ?? 0;
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

function idleOf(deployment: DeploymentView): number | null {
  const known = deployment.routes.flatMap((route) =>
    idleByClass.filter(([pattern]) => pattern.test(route.className ?? '')).map(([, seconds]) => seconds),
  );
  return known.length === 0 ? null : Math.max(...known);
}
