import type { Inventory } from '../../deployment/discovery/inventory.ts';
import { openInventory } from '../../deployment/discovery/inventory.ts';
import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { Holder } from './holders.ts';
import { findHolders } from './holders.ts';
import type { KnownKeys, Mark } from './marks.ts';
import { marksOf } from './marks.ts';
import type { Template } from './templates.ts';
import { listTemplates } from './templates.ts';
import type { Use } from './uses.ts';
import { usesOf } from './uses.ts';

/** A variable of a pod template with a known key written out in it. */
export interface Literal extends Mark {
  readonly container: string;
  readonly variable: string;
}

/** A workload whose pods hold known keys. */
export interface Consumer extends Pick<Template, 'kind' | 'namespace' | 'name'> {
  readonly uses: readonly Use[];
  readonly literals: readonly Literal[];
}

/** Who holds the keys of a deployment, as far as one may look. */
export interface Consumers {
  readonly holders: readonly Holder[];
  readonly workloads: readonly Consumer[];
  /** What could not be looked at, each with its reason. */
  readonly unknown: readonly string[];
}

/**
 * Looks for known keys in the Secrets, ConfigMaps and pod templates of the cluster; where those may not all be read,
 * in the given namespaces.
 */
export async function findConsumers(
  kube: KubePort,
  namespaces: readonly string[],
  known: KnownKeys,
): Promise<Consumers> {
  const inventory = openInventory(kube);
  const { read, unread } = await scopes(inventory, [...new Set(namespaces)]);
  const found = await Promise.all(read.map(async (scope) => await lookIn(inventory, scope, known)));
  return {
    holders: found.flatMap(({ holders }) => holders),
    workloads: found.flatMap(({ workloads }) => workloads),
    unknown: [...unread, ...inventory.unknown()],
  };
}

interface Scopes {
  /** Null is the whole cluster. */
  readonly read: readonly (string | null)[];
  readonly unread: readonly string[];
}

async function scopes(inventory: Inventory, namespaces: readonly string[]): Promise<Scopes> {
  const wide = await inventory.peekAll<KubeObject>(resources.secrets);
  if (wide !== null) return { read: [null], unread: [] };
  const all = await inventory.peekAll<KubeObject>(resources.namespaces);
  if (all === null)
    return {
      read: namespaces,
      unread: [`namespaces other than ${namespaces.join(', ')}: may not be listed`],
    };
  const others = all.map(({ metadata }) => metadata.name).filter((name) => !namespaces.includes(name));
  const unread = others.length === 0 ? [] : [`Secrets of namespaces ${others.join(', ')}: may not be read`];
  return { read: namespaces, unread };
}

async function lookIn(
  inventory: Inventory,
  namespace: string | null,
  known: KnownKeys,
): Promise<Pick<Consumers, 'holders' | 'workloads'>> {
  const [holders, templates] = await Promise.all([
    findHolders(inventory, namespace, known),
    listTemplates(inventory, namespace),
  ]);
  const workloads = await Promise.all(templates.map(async (one) => await consumerOf(one, holders, known)));
  return { holders, workloads: workloads.filter((one) => one.uses.length + one.literals.length > 0) };
}

async function consumerOf(
  { kind, namespace, name, template }: Template,
  holders: readonly Holder[],
  known: KnownKeys,
): Promise<Consumer> {
  const near = holders.filter((holder) => holder.namespace === namespace);
  const literals: Literal[] = [];
  for (const container of [...(template.spec.initContainers ?? []), ...template.spec.containers])
    for (const { name: variable, value = '' } of container.env ?? [])
      for (const mark of await marksOf(value, known))
        literals.push({ container: container.name, variable, ...mark });
  return { kind, namespace, name, uses: usesOf(template.spec, near), literals };
}

/** What of this belongs to one key. */
export function consumersOf({ holders, workloads, unknown }: Consumers, publicKey: string): Consumers {
  const own = (mark: Mark): boolean => mark.publicKey === publicKey;
  const users = workloads.map((workload) => ({
    ...workload,
    uses: workload.uses.flatMap((use) => useOf(use, own)),
    literals: workload.literals.filter(own),
  }));
  return {
    holders: holders.flatMap((holder) => reduce(holder, own)),
    workloads: users.filter((one) => one.uses.length + one.literals.length > 0),
    unknown,
  };
}

function reduce(holder: Holder, own: (mark: Mark) => boolean): Holder[] {
  const entries = holder.entries.filter(own);
  return entries.length === 0 ? [] : [{ ...holder, entries }];
}

function useOf({ holder, variables, mounts }: Use, own: (mark: Mark) => boolean): Use[] {
  return reduce(holder, own).flatMap((reduced) => {
    const carried = variables.filter(({ key }) => reduced.entries.some((entry) => entry.key === key));
    return carried.length + mounts.length === 0 ? [] : [{ holder: reduced, variables: carried, mounts }];
  });
}
