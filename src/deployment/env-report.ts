import { variableView } from './env-view.ts';
import type { Component, Deployment, EnvSource, Role } from './model.ts';
import { inertFor, isRead } from './variables.ts';

/** One variable of one component, as `lfctl env` shows it. */
export interface EnvRow {
  readonly name: string;
  readonly component: Role;
  readonly workload: string;
  /** `secret/langfuse-env key SALT`, `literal`, `missing: secret/x no-key`. */
  readonly source: string;
  readonly read: boolean | 'unknown';
  /** Names to use instead, for one that is not read. */
  readonly use?: readonly string[];
  readonly fingerprint: string | null;
  /** The value, for names that hold nothing secret. */
  readonly value: string | null;
  /** True when web and worker hold different values; null when only one of them has it. */
  readonly differs: boolean | null;
}

export interface EnvReport {
  readonly variables: readonly EnvRow[];
  /** envFrom objects that could not be read: variables of theirs are not in the list. */
  readonly unreadable: readonly string[];
}

/** The effective variables of the named components, or of all. */
export function envReport(
  deployment: Deployment,
  only: Role | null,
  fingerprint: (value: string) => string,
): EnvReport {
  const components = deployment.components.filter((one) => only === null || one.role === only);
  return {
    variables: components.flatMap((component) => rowsOf(deployment, component, fingerprint)),
    unreadable: [
      ...new Set(
        components.flatMap((one) =>
          one.env.unreadable.map(({ object, why }) => `${object} of ${one.workload.namespace}: ${why}`),
        ),
      ),
    ],
  };
}

function rowsOf(
  deployment: Deployment,
  component: Component,
  fingerprint: (value: string) => string,
): EnvRow[] {
  const { role, workload, env } = component;
  return [...env.variables.values()]
    .map((variable) => variableView(variable, fingerprint))
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .map((view) => {
      const inert = inertFor(view.name, deployment.generation);
      return {
        name: view.name,
        component: role,
        workload: `${workload.kind.toLowerCase()}/${workload.name}`,
        source: sourceText(view.source),
        read: isRead(view.name, role, deployment.generation),
        ...(inert === undefined ? {} : { use: inert.use }),
        fingerprint: view.fingerprint,
        value: view.value,
        differs: differs(deployment, component, view.name),
      };
    });
}

function differs(deployment: Deployment, component: Component, name: string): boolean | null {
  const others = deployment.components.filter((one) => one.role !== component.role);
  const own = component.env.variables.get(name)?.value?.reveal() ?? null;
  const values = others.map((one) => one.env.variables.get(name)?.value?.reveal() ?? null);
  const known = values.filter((value) => value !== null);
  return own === null || known.length === 0 ? null : known.some((value) => value !== own);
}

function sourceText(source: EnvSource): string {
  switch (source.from) {
    case 'literal':
      return source.uses === undefined ? 'literal' : `literal with ${source.uses.join(', ')}`;
    case 'secret':
    case 'configmap':
      return `${source.from}/${source.object} key ${source.key}`;
    case 'field':
      return `field ${source.path}`;
    case 'missing':
      return `missing: ${source.object} key ${source.key} (${source.why})`;
  }
}
