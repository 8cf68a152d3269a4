import type { ComponentView, DeploymentView, StoreView } from '../deployment/view.ts';
import type { Cause, CheckResult } from '../doctor/report.ts';
import type { DoctorRun } from '../doctor/run.ts';
import type { Outcomes } from '../doctor/engine/types.ts';
import type { FactValues } from '../doctor/facts/index.gen.ts';

/** `data` of kind Status. */
export interface Status {
  readonly version: string | null;
  readonly imageVersion: string | null;
  readonly generation: number | null;
  readonly mode: string | null;
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

interface StatusStore {
  readonly name: string;
  readonly address: string | null;
  readonly state: 'ok' | 'failing' | 'unknown' | 'not configured';
  readonly version: string | null;
  readonly latencyMs: number | null;
  readonly sizeBytes: number | null;
  readonly detail: string | null;
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
export const statusFacts = ['postgres/size', 'clickhouse/size', 'redis/memory', 'redis/queues'] as const;

/** The screen's content, from one run of doctor. */
export function toStatus(run: DoctorRun): Status {
  const { deployment, outcomes, version, report } = run;
  const queues = known(outcomes, 'redis/queues')?.queues ?? [];
  return {
    version,
    imageVersion: deployment?.imageVersion ?? null,
    generation: deployment?.generation ?? null,
    mode: deployment?.mode ?? null,
    publicUrl: deployment?.publicUrl ?? null,
    components: (deployment?.components ?? []).map((component) => toComponent(component, outcomes)),
    stores: toStores(deployment, outcomes, report.checks),
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

function known<Id extends keyof FactValues>(outcomes: Outcomes, id: Id): FactValues[Id] | null {
  const outcome = outcomes.get(id);
  return outcome?.status === 'known' ? (outcome.value as FactValues[Id]) : null;
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

type LoginFact = 'postgres/login' | 'clickhouse/login' | 'redis/login' | 'objects/event-bucket';

function toStores(
  deployment: DeploymentView | null,
  outcomes: Outcomes,
  checks: readonly CheckResult[],
): StatusStore[] {
  const stores = deployment?.stores;
  const sizes = {
    'postgres/login': known(outcomes, 'postgres/size')?.sizeBytes ?? null,
    'clickhouse/login': known(outcomes, 'clickhouse/size')?.sizeBytes ?? null,
    'redis/login': known(outcomes, 'redis/memory')?.usedBytes ?? null,
    'objects/event-bucket': null,
  };
  const row = (name: string, fact: LoginFact, store: StoreView | undefined): StatusStore =>
    withFinding(toStore(name, outcomes.get(fact), known(outcomes, fact), store, sizes[fact]), fact, checks);
  return [
    row('Postgres', 'postgres/login', stores?.postgres),
    row('ClickHouse', 'clickhouse/login', stores?.clickhouse),
    row('Redis', 'redis/login', stores?.redis),
    row('event bucket', 'objects/event-bucket', stores?.eventBucket),
  ];
}

/** A store is failing when a check of its area says so, on evidence: that lfctl cannot connect proves nothing. */
function withFinding(row: StatusStore, fact: LoginFact, checks: readonly CheckResult[]): StatusStore {
  const failed = checks.find(
    (check) =>
      check.area === fact.split('/')[0] &&
      check.status === 'fail' &&
      /\/(reachable|auth|bucket|credentials|path-style)$/.test(check.id),
  );
  return failed === undefined ? row : { ...row, state: 'failing', detail: failed.detail ?? failed.title };
}

function toStore(
  name: string,
  outcome: ReturnType<Outcomes['get']>,
  login: FactValues[LoginFact] | null,
  store: StoreView | undefined,
  sizeBytes: number | null,
): StatusStore {
  const bucket = name === 'event bucket' && store?.database != null ? `/${store.database}` : '';
  const address = store?.host == null ? null : `${store.host}:${store.port ?? ''}${bucket}`;
  const base = { name, address, version: null, latencyMs: null, sizeBytes: null };
  if (outcome?.status === 'skipped') return { ...base, state: 'not configured', detail: outcome.reason };
  if (login === null)
    return { ...base, state: 'unknown', detail: outcome?.status === 'unknown' ? outcome.reason : null };
  if (!login.ok) return { ...base, state: 'unknown', detail: login.message };
  return { ...base, state: 'ok', version: login.server, latencyMs: login.ms, sizeBytes, detail: null };
}
