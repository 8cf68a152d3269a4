import { variableView } from './env-view.ts';
import { storageText } from './era.ts';
import { generationOf } from './image.ts';
import type { Component, Deployment, EnvSource, Generation, Mode, Role } from './model.ts';
import { readingOf } from './reading.ts';
import { knownness, newestRelease } from './releases.ts';

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
  /** Why it is not read, or which releases read it: `read from 3.85.0 on`. */
  readonly why?: string;
  readonly fingerprint: string | null;
  /** The value, for names that hold nothing secret. */
  readonly value: string | null;
  /** True when web and worker hold different values; null when only one of them has it. */
  readonly differs: boolean | null;
}

export interface EnvReport {
  /** Version that the image names; `read` is judged for it. */
  readonly version: string | null;
  readonly generation: Generation | null;
  readonly mode: Mode | null;
  /** Where the data lives: `traces, observations and scores in Postgres`. */
  readonly storage: string | null;
  /** Newest release whose variables are known, where the running one is later; else null. */
  readonly judgedAs: string | null;
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
  const { imageVersion: version, generation, mode } = deployment;
  const components = deployment.components.filter((one) => only === null || one.role === only);
  const known = knownness(version) ?? 'known';
  return {
    version,
    generation,
    mode,
    storage: storageText(generation, mode),
    judgedAs: known === 'known' ? null : newestRelease,
    variables: components.flatMap((component) => rowsOf(deployment, component, fingerprint)),
    unreadable: unreadableOf(components),
  };
}

function unreadableOf(components: readonly Component[]): string[] {
  const texts = components.flatMap((one) =>
    one.env.unreadable.map(({ object, why }) => `${object} of ${one.workload.namespace}: ${why}`),
  );
  return [...new Set(texts)];
}

function rowsOf(
  deployment: Deployment,
  component: Component,
  fingerprint: (value: string) => string,
): EnvRow[] {
  return [...component.env.variables.values()]
    .map((variable) => variableView(variable, fingerprint))
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .map((view) => ({
      name: view.name,
      component: component.role,
      workload: `${component.workload.kind.toLowerCase()}/${component.workload.name}`,
      source: sourceText(view.source),
      ...readingParts(deployment, component, view.name),
      fingerprint: view.fingerprint,
      value: view.value,
      differs: differs(deployment, component, view.name),
    }));
}

/** Each component by its own image: during an upgrade web and worker are of two releases. */
function readingParts(
  deployment: Deployment,
  component: Component,
  name: string,
): Pick<EnvRow, 'read' | 'use' | 'why'> {
  const version = component.imageVersion ?? deployment.imageVersion;
  const generation = generationOf(version) ?? deployment.generation;
  const { read, use, why } = readingOf(name, component.role, { version, generation });
  return { read, ...(read === true ? {} : { use }), ...(why === null ? {} : { why }) };
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
