/** Whether the pods of a workload were all made after its restart. */
import { matchesLabels } from '../../ports/label-selector.ts';
import type { Pod, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import { templated } from '../consumers/templates.ts';
import type { Restarted } from './input.ts';

/** The annotation that a restart leaves on the template, and so on every pod that is made from it. */
export interface RestartMark {
  readonly name: string;
  readonly value: string;
  /** How the value of the rotation before this one began: its mark is not needed any more. */
  readonly former: string;
}

/** How far a workload is. `stuck`: waiting longer changes nothing. */
export type Rollout =
  | { readonly state: 'complete'; readonly pods: number }
  | { readonly state: 'waiting'; readonly why: string }
  | { readonly state: 'stuck'; readonly why: string };

/** Fields of Deployments, StatefulSets and DaemonSets that say whether pods are replaced at all. */
interface Replaced extends Workload {
  readonly spec: Workload['spec'] & {
    readonly paused?: boolean;
    readonly updateStrategy?: { readonly type?: string };
  };
  readonly status?: Workload['status'] & { readonly desiredNumberScheduled?: number };
}

/** Puts the mark on the template, as `kubectl rollout restart` does; a template that has it is left alone. */
export async function restart(
  kube: KubePort,
  { kind, namespace, name }: Restarted,
  mark: RestartMark,
  now: Date,
): Promise<'restarted' | 'restarted before' | 'gone'> {
  const found = await kube.get<Workload>(templated[kind], namespace, name);
  if (found === null) return 'gone';
  if (marked(found.spec.template.metadata, mark)) return 'restarted before';
  const at = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const former = Object.entries(found.spec.template.metadata?.annotations ?? {})
    .filter(([key, value]) => key.startsWith('lfctl.dev/key-') && value.startsWith(mark.former))
    .map(([key]) => [key, null] as const);
  const annotations = {
    ...Object.fromEntries(former),
    [mark.name]: mark.value,
    'kubectl.kubernetes.io/restartedAt': at,
  };
  await kube.patch(templated[kind], namespace, name, { spec: { template: { metadata: { annotations } } } });
  return 'restarted';
}

/** Value of the mark on the template; null without one, and for a workload that is gone. */
export async function markOn(
  kube: KubePort,
  { kind, namespace, name }: Restarted,
  mark: Pick<RestartMark, 'name'>,
): Promise<string | null> {
  const found = await kube.get<Workload>(templated[kind], namespace, name);
  return found?.spec.template.metadata?.annotations?.[mark.name] ?? null;
}

const marked = (
  metadata: Pod['metadata'] | Workload['spec']['template']['metadata'],
  mark: RestartMark,
): boolean => metadata?.annotations?.[mark.name] === mark.value;

/** Looks at the workload and its pods; those that are still ending count as well. */
export async function rolloutOf(
  kube: KubePort,
  { kind, namespace, name }: Restarted,
  mark: RestartMark,
): Promise<Rollout> {
  const found = await kube.get<Replaced>(templated[kind], namespace, name);
  if (found === null) return { state: 'complete', pods: 0 };
  if (!marked(found.spec.template.metadata, mark))
    return { state: 'stuck', why: 'its restart was taken back' };
  const never = neverReplaced(found);
  const wanted = found.status?.desiredNumberScheduled ?? found.spec.replicas ?? 1;
  const { selector } = found.spec;
  const pods = (await kube.list<Pod>(resources.pods, { namespace })).filter(
    ({ metadata }) => selector !== undefined && matchesLabels(selector, metadata.labels),
  );
  const fresh = pods.filter(({ metadata }) => marked(metadata, mark));
  const ready = fresh.filter(isReady).length;
  const former = pods.length - fresh.length;
  if (ready >= wanted && former === 0) return { state: 'complete', pods: ready };
  if (never !== null) return { state: 'stuck', why: never };
  const trouble = troubleOf(fresh);
  const why = `${String(ready)} of ${String(wanted)} new pods ready, ${String(former)} former left`;
  return { state: 'waiting', why: trouble === null ? why : `${why}; ${trouble}` };
}

const isReady = ({ status, metadata }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

function neverReplaced({ spec, status }: Replaced): string | null {
  if (spec.paused === true) return 'its rollout is paused';
  if (spec.updateStrategy?.type === 'OnDelete')
    return 'its pods are replaced only when somebody deletes them (OnDelete)';
  const progress = status?.conditions?.find(({ type }) => type === 'Progressing');
  return progress?.reason === 'ProgressDeadlineExceeded' ? 'its progress deadline is over' : null;
}

/** Why a new pod does not come up, in the kubelet's words. */
function troubleOf(pods: readonly Pod[]): string | null {
  for (const { metadata, status } of pods)
    for (const { state } of status?.containerStatuses ?? []) {
      const reason = state?.waiting?.reason;
      if (reason !== undefined && reason !== 'ContainerCreating') return `pod ${metadata.name}: ${reason}`;
    }
  return null;
}
