import { storageText } from '../deployment/era.ts';
import { knownness, newestRelease } from '../deployment/releases.ts';
import type { ComponentView, DeploymentView } from '../deployment/view.ts';
import type { Cause } from '../doctor/report.ts';
import type { DoctorRun } from '../doctor/run.ts';
import type { Outcomes } from '../doctor/engine/types.ts';
import { known } from './known.ts';
import type { StatusStore } from './stores.ts';
import { toStores } from './stores.ts';

/** `data` of kind Status. */
export interface Status {
  readonly version: string | null;
  readonly imageVersion: string | null;
  readonly generation: number | null;
  readonly mode: string | null;
  /** Where the data lives: `traces, observations and scores in Postgres`. */
  readonly storage: string | null;
  /** Newest release that lfctl knows, where the running one is later; else null. */
  readonly judgedAs: string | null;
  /** How sure it is that this is Langfuse and all of it, and by what. */
  readonly confidence: DeploymentView['confidence'] | null;
  readonly reasons: DeploymentView['reasons'];
  readonly publicUrl: string | null;
  readonly components: readonly StatusComponent[];
  readonly stores: readonly StatusStore[];
  readonly queues: readonly StatusQueue[];
  readonly owner: DeploymentView['owner'] | null;
  /** Null: none known. */
  readonly lastBackup: null;
  readonly neighbours: readonly string[];
  readonly findings: readonly Pick<Cause, 'id' | 'severity' | 'detail'>[];
  readonly verdict: 'healthy' | 'findings' | 'incomplete';
  readonly unknown: readonly string[];
}

interface StatusComponent {
  readonly role: string;
  readonly workload: string;
  readonly image: string;
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  readonly pods: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly restarts: number;
    readonly state: string;
  }[];
}

interface StatusQueue {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly lateMs: number | null;
}

/** Facts of the one-screen summary beyond those that checks use. */
export const statusFacts = [
  'postgres/size',
  'clickhouse/size',
  'redis/memory',
  'redis/queues',
  'objects/other-buckets',
] as const;

/** The screen's content, from one run of doctor. */
export function toStatus(run: DoctorRun): Status {
  const { deployment, outcomes, report } = run;
  const queues = known(outcomes, 'redis/queues')?.queues ?? [];
  return {
    ...eraParts(run),
    publicUrl: deployment?.publicUrl ?? null,
    components: (deployment?.components ?? []).map((component) => toComponent(component, outcomes)),
    stores: toStores(run),
    queues: queues.map(({ name, waiting, active, delayed, failed, lateMs }) => ({
      name,
      waiting,
      active,
      delayed,
      failed,
      lateMs,
    })),
    owner: deployment?.owner ?? null,
    lastBackup: null,
    neighbours: (deployment?.liteLlm ?? []).map(
      (one) => `LiteLLM ${one.workload.namespace}/${one.workload.name}`,
    ),
    findings: report.causes.map(({ id, severity, detail }) => ({ id, severity, detail })),
    verdict: report.verdict,
    unknown: deployment?.unknown ?? [],
  };
}

/** What runs: as the running server says it, where it answers. */
function eraParts({
  deployment,
  version,
  generation,
  mode,
}: DoctorRun): Pick<
  Status,
  'version' | 'imageVersion' | 'generation' | 'mode' | 'storage' | 'judgedAs' | 'confidence' | 'reasons'
> {
  const later = (knownness(version) ?? 'known') !== 'known';
  return {
    version,
    imageVersion: deployment?.imageVersion ?? null,
    generation,
    mode,
    storage: storageText(generation, mode),
    judgedAs: later ? newestRelease : null,
    confidence: deployment?.confidence ?? null,
    reasons: deployment?.reasons ?? [],
  };
}

function toComponent(component: ComponentView, outcomes: Outcomes): StatusComponent {
  const pods = known(outcomes, 'kube/pods') ?? [];
  const { role, image, desiredReplicas, readyReplicas, workload } = component;
  return {
    role,
    workload: `${workload.kind.toLowerCase()}/${workload.name}`,
    image,
    desiredReplicas,
    readyReplicas,
    pods: pods
      .filter((pod) => pod.part === role && component.pods.includes(pod.name))
      .map((pod) => ({
        name: pod.name,
        ready: pod.ready,
        restarts: pod.containers.reduce((sum, container) => sum + container.restarts, 0),
        state: pod.deleting
          ? 'Terminating'
          : (pod.containers.find((container) => container.state.waiting !== undefined)?.state.waiting
              ?.reason ?? pod.phase),
      })),
  };
}
