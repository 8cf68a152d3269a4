/** Lines that show an observation again, and small pieces of text that several checks use. */
import type { ComponentEnvView, DeploymentView, VariableView } from '../deployment/view.ts';
import type { Evidence, FindingFix, Verdict } from './check.ts';
import type { Outcome } from './fact.ts';
import type { LogFinding, LogView, PodPart, PodView } from './views.ts';

/** `deployment/langfuse`. */
export function workloadText(workload: { readonly kind: string; readonly name: string }): string {
  return `${workload.kind.toLowerCase()}/${workload.name}`;
}

export function logCommand(view: Pick<LogView, 'namespace' | 'pod' | 'container' | 'previous'>): string {
  return `kubectl logs -n ${view.namespace} ${view.pod} -c ${view.container}${view.previous ? ' --previous' : ''}`;
}

export function podCommand(pod: Pick<PodView, 'namespace' | 'name'>): string {
  return `kubectl describe pod -n ${pod.namespace} ${pod.name}`;
}

function restartCommand(namespace: string, workload: string): string {
  return `kubectl rollout restart -n ${namespace} ${workload}`;
}

/** The line that sets a variable where its value comes from. */
export function setVariableFix(env: ComponentEnvView, name: string, value: string): FindingFix {
  const { namespace } = env.workload;
  const source =
    variableOf(env, name)?.source ?? env.variables.find((one) => one.source.from === 'secret')?.source;
  if (source?.from === 'secret' || source?.from === 'configmap') {
    const object = `${source.from}/${source.object}`;
    return {
      text: `set ${name} in ${object} and restart ${workloadText(env.workload)}`,
      command: `kubectl patch -n ${namespace} ${object} --type merge -p '{"${source.from === 'secret' ? 'stringData' : 'data'}":{"${name}":"${value}"}}' && ${restartCommand(namespace, workloadText(env.workload))}`,
      automatic: false,
    };
  }
  return {
    text: `set ${name} on ${workloadText(env.workload)}`,
    command: `kubectl set env -n ${namespace} ${workloadText(env.workload)} -c ${env.container} ${name}='${value}'`,
    automatic: false,
  };
}

export function variableOf(env: ComponentEnvView, name: string): VariableView | undefined {
  return env.variables.find((variable) => variable.name === name);
}

/** True when the process sees a value. */
export function isSet(env: ComponentEnvView, name: string): boolean {
  return variableOf(env, name)?.fingerprint != null;
}

export function envEvidence(
  env: ComponentEnvView,
  name: string,
  observed: string,
  expected: string,
): Evidence {
  const source = variableOf(env, name)?.source;
  const { namespace } = env.workload;
  const object =
    source?.from === 'secret' || source?.from === 'configmap' ? `${source.from}/${source.object}` : null;
  return {
    source: `env of ${workloadText(env.workload)}`,
    again:
      object === null
        ? `kubectl get -n ${namespace} ${workloadText(env.workload)} -o jsonpath='{.spec.template.spec.containers[?(@.name=="${env.container}")].env}'`
        : `kubectl get -n ${namespace} ${object} -o jsonpath='{.data.${name}}' | base64 -d`,
    observed,
    expected,
  };
}

export function logEvidence(view: LogView, finding: LogFinding, expected: string): Evidence {
  return {
    source: `log of ${view.part} pod ${view.pod}${view.previous ? ', run before the restart' : ''}`,
    again: logCommand(view),
    observed: finding.count > 1 ? `${finding.line} (${finding.count} times)` : finding.line,
    expected,
  };
}

/** A finding of a log with the log it stands in. */
export interface LogHit {
  readonly view: LogView;
  readonly finding: LogFinding;
}

/** Findings of these patterns, newest first. */
export function logHits(logs: readonly LogView[], patterns: readonly string[]): LogHit[] {
  return logs
    .flatMap((view) => view.findings.map((finding) => ({ view, finding })))
    .filter(({ finding }) => patterns.includes(finding.pattern))
    .toSorted((left, right) => (right.finding.at ?? '').localeCompare(left.finding.at ?? ''));
}

/** The newest line of these patterns as evidence; none where no log has it or no log could be read. */
export function logProof(
  logs: Outcome<readonly LogView[]>,
  patterns: readonly string[],
  expected: string,
): Evidence[] {
  const [hit] = logs.status === 'known' ? logHits(logs.value, patterns) : [];
  return hit === undefined ? [] : [logEvidence(hit.view, hit.finding, expected)];
}

export function podsOfPart(pods: readonly PodView[], part: PodPart): PodView[] {
  return pods.filter((pod) => pod.part === part && !pod.deleting);
}

/**
 * A client's command beside its store: in the store's own pod where the cluster has one, so that it runs as it stands.
 * Images of Redis name their password REDIS_PASSWORD; the others let their own user in by the socket or by their env.
 */
export function storeCommand(
  deployment: Outcome<DeploymentView>,
  part: 'postgres' | 'clickhouse' | 'redis',
  command: string,
): string {
  const placement = deployment.status === 'known' ? deployment.value.stores[part].placement : null;
  if (placement?.kind !== 'service') return command;
  const exec = `kubectl exec -n ${placement.namespace} svc/${placement.service} --`;
  return part === 'redis' ? `${exec} sh -c 'REDISCLI_AUTH=$REDIS_PASSWORD ${command}'` : `${exec} ${command}`;
}

/** `psql` with the user and database that Langfuse has. */
export function psqlCommand(deployment: Outcome<DeploymentView>, sql: string): string {
  const store = deployment.status === 'known' ? deployment.value.stores.postgres : null;
  const login = store?.user == null ? '' : ` -U ${store.user} -d ${store.database ?? store.user}`;
  return storeCommand(deployment, 'postgres', `psql${login} -c "${sql}"`);
}

/** The verdict `fail` with its parts in the order one reads them. */
export function failing(
  detail: string,
  evidence: readonly [Evidence, ...Evidence[]],
  fix: readonly [FindingFix, ...FindingFix[]],
  more: Partial<Pick<Extract<Verdict, { status: 'fail' }>, 'confidence' | 'severity' | 'since'>> = {},
): Verdict {
  return { status: 'fail', detail, evidence, fix, ...more };
}

export const manual = (text: string, command?: string): FindingFix =>
  command === undefined ? { text, automatic: false } : { text, command, automatic: false };

/** `hyperplane-langfuse/langfuse-redis:6379`, or the plain host. */
export function addressText(store: { readonly host: string | null; readonly port: number | null }): string {
  return store.host === null ? 'no address' : `${store.host}:${store.port ?? ''}`;
}

export function webComponents(deployment: DeploymentView): DeploymentView['components'] {
  return deployment.components.filter((one) => one.role === 'web');
}
