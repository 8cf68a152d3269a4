/** What a failing row changes in the facts of a healthy deployment. */
import type { FactsDraft, FactsName } from '../facts.ts';
import { recordedAt } from '../facts.ts';

/** One way to fail: what to change in a healthy deployment's facts, and what must be said. */
export interface FailingRow {
  readonly check: string;
  readonly when: string;
  readonly change: (facts: FactsDraft) => void;
  readonly says: RegExp;
  /** Facts it can happen to; all where the check applies by default. */
  readonly on?: readonly FactsName[];
}

/** Facts of generations that have a worker. */
export const sinceThree: readonly FactsName[] = [
  '3.199.0',
  '3.225.4',
  '4.16.0',
  '4.16.0-dual',
  '4.16.0-legacy',
  '4.99.0',
  '5.0.0',
];

export const ago = (ms: number): string => new Date(recordedAt.getTime() - ms).toISOString();

export function env(facts: FactsDraft, role: 'web' | 'worker'): FactsDraft['config/env'][number] {
  const found = facts['config/env'].find((one) => one.role === role);
  if (found === undefined) throw new Error(`no ${role}`);
  return found;
}

export function variable(
  facts: FactsDraft,
  role: 'web' | 'worker',
  name: string,
): FactsDraft['config/env'][number]['variables'][number] {
  const found = env(facts, role).variables.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

export function unset(facts: FactsDraft, role: 'web' | 'worker', name: string): void {
  const owner = env(facts, role);
  owner.variables = owner.variables.filter((one) => one.name !== name);
}

export function set(facts: FactsDraft, role: 'web' | 'worker', name: string, value: string): void {
  unset(facts, role, name);
  const source = { from: 'literal' } as const;
  env(facts, role).variables.push({ name, source, fingerprint: '12345678', value, shape: null });
}

export function pod(facts: FactsDraft, part: string): FactsDraft['kube/pods'][number] {
  const found = facts['kube/pods'].find((one) => one.part === part);
  if (found === undefined) throw new Error(`no ${part} pod`);
  return found;
}

export function container(
  facts: FactsDraft,
  part: string,
): FactsDraft['kube/pods'][number]['containers'][number] {
  const [found] = pod(facts, part).containers;
  if (found === undefined) throw new Error(`no container in ${part}`);
  return found;
}

export function noEndpoint(part: string): (facts: FactsDraft) => void {
  return (facts) => {
    for (const one of facts['kube/endpoints']) if (one.part === part) one.readyPods = [];
  };
}

export const refused = (code: string, message: string) => ({
  ok: false as const,
  route: 'port-forward' as const,
  code,
  message,
});

export function logLine(
  facts: FactsDraft,
  part: 'web' | 'worker' | 'litellm',
  pattern: string,
  line: string,
): void {
  facts['kube/logs'].push({
    part,
    namespace: 'hyperplane-langfuse',
    pod: pod(facts, part).name,
    container: part,
    previous: false,
    lines: 10,
    lastLine: line,
    unreadable: null,
    findings: [{ pattern, about: null, line, at: ago(1000), count: 2, subject: null }],
  });
}

export function store(
  facts: FactsDraft,
  name: 'postgres' | 'eventBucket',
): FactsDraft['deployment/discovery']['stores']['postgres'] {
  return facts['deployment/discovery'].stores[name];
}

export function stuckPod(facts: FactsDraft, part: string, reason: string, message: string): void {
  pod(facts, part).ready = false;
  Object.assign(container(facts, part), { ready: false, state: { waiting: { reason, message } } });
}

export function firstLiteLlm(facts: FactsDraft): FactsDraft['litellm/config'][number] {
  const [found] = facts['litellm/config'];
  if (found === undefined) throw new Error('no LiteLLM');
  return found;
}
