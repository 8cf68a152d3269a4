import type { Route } from '../deployment/model.ts';

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

/** The longest idle time of the load balancers behind these routes, in seconds; null where none is known. */
export function loadBalancerIdle(routes: readonly Route[]): number | null {
  const known = routes.flatMap((route) =>
    idleByClass.filter(([pattern]) => pattern.test(route.className ?? '')).map(([, seconds]) => seconds),
  );
  return known.length === 0 ? null : Math.max(...known);
}
