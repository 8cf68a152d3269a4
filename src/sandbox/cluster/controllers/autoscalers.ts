import type { Condition, KubeObject, Workload } from '../../../ports/kube-objects.ts';
import { found, kinds, listed } from '../kinds.ts';
import type { ControllerContext } from './context.ts';

interface Autoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly metrics?: readonly { readonly type: string; readonly resource?: { readonly name: string } }[];
  };
}

const autoscalers = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' } as const;

/**
 * What each HorizontalPodAutoscaler says of its target. The sandbox's pods are idle, so none is ever scaled; one
 * whose target is at zero is switched off, as in life.
 */
export function syncAutoscalers({ store }: ControllerContext): void {
  for (const scaler of listed<Autoscaler>(store, autoscalers)) {
    const { namespace = '', name } = scaler.metadata;
    const target = targetOf(store, scaler);
    if (target !== null) store.setStatus(autoscalers, namespace, name, statusOf(scaler, target));
  }
}

function targetOf(store: ControllerContext['store'], { metadata, spec }: Autoscaler): Workload | null {
  const { kind, name = '' } = spec?.scaleTargetRef ?? {};
  const resource = kind === 'StatefulSet' ? kinds.statefulSets : kinds.deployments;
  return found<Workload>(store, resource, metadata.namespace ?? null, name);
}

function statusOf({ spec }: Autoscaler, target: Workload) {
  const replicas = target.status?.replicas ?? 0;
  const off = target.spec.replicas === 0;
  const metrics = (spec?.metrics ?? []).flatMap(({ type, resource }) =>
    resource === undefined
      ? []
      : [
          {
            type,
            resource: { name: resource.name, current: { averageUtilization: 3, averageValue: '15m' } },
          },
        ],
  );
  return {
    currentReplicas: replicas,
    desiredReplicas: off ? 0 : replicas,
    ...(off ? {} : { currentMetrics: metrics }),
    conditions: off ? switchedOff : working,
  };
}

/** Reasons and messages of pkg/controller/podautoscaler/horizontal.go of kubernetes/kubernetes. */
const switchedOff: readonly Condition[] = [
  {
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededGetScale',
    message: "the HPA controller was able to get the target's current scale",
  },
  {
    type: 'ScalingActive',
    status: 'False',
    reason: 'ScalingDisabled',
    message: 'scaling is disabled since the replica count of the target is zero',
  },
];
const working: readonly Condition[] = [
  {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ReadyForNewScale',
    message: 'recommended size matches current size',
  },
  {
    type: 'ScalingActive',
    status: 'True',
    reason: 'ValidMetricFound',
    message:
      'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
  },
  {
    type: 'ScalingLimited',
    status: 'False',
    reason: 'DesiredWithinRange',
    message: 'the desired count is within the acceptable range',
  },
];
