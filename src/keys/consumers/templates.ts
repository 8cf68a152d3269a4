import type { Inventory } from '../../deployment/discovery/inventory.ts';
import type { KubeObject, PodTemplate, Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';

/** What runs pods. A Job's pods end by themselves, and a bare pod has nobody who would make it again. */
export type ConsumerKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Rollout' | 'CronJob' | 'Pod';

/** Something that runs pods, with the template they are made from. */
export interface Template {
  readonly kind: ConsumerKind;
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
}

interface CronJob extends KubeObject {
  readonly spec?: { readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } } };
}

/** Resources whose pod template is `spec.template`. */
export const templated = {
  Deployment: resources.deployments,
  StatefulSet: resources.statefulSets,
  DaemonSet: resources.daemonSets,
  Rollout: resources.rollouts,
} as const;

/** Every pod template of a namespace, or of the cluster. What may not be listed is noted in the inventory. */
export async function listTemplates(inventory: Inventory, namespace: string | null): Promise<Template[]> {
  const workloads = Object.entries(templated).map(async ([kind, resource]) =>
    (await inventory.list<Workload>(resource, namespace)).flatMap((workload) =>
      // A Rollout may name its template elsewhere (workloadRef); then that Deployment is found by itself.
      templateOf(kind as keyof typeof templated, workload, workload.spec.template as PodTemplate | undefined),
    ),
  );
  const cronJobs = await inventory.list<CronJob>(resources.cronJobs, namespace);
  const pods = await inventory.list<Pod>(resources.pods, namespace);
  const bare = pods.filter(
    ({ metadata, status }) =>
      (metadata.ownerReferences ?? []).length === 0 && !/^(Succeeded|Failed)$/.test(status?.phase ?? ''),
  );
  return [
    ...(await Promise.all(workloads)).flat(),
    ...cronJobs.flatMap((job) => templateOf('CronJob', job, job.spec?.jobTemplate?.spec?.template)),
    ...bare.flatMap((pod) => templateOf('Pod', pod, { spec: pod.spec })),
  ];
}

function templateOf(kind: ConsumerKind, object: KubeObject, template: PodTemplate | undefined): Template[] {
  if (template === undefined) return [];
  const { namespace = '', name } = object.metadata;
  return [{ kind, namespace, name, template }];
}
