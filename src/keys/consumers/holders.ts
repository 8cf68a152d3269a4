import type { Inventory } from '../../deployment/discovery/inventory.ts';
import { configMapValues, secretValues } from '../../deployment/resolve-env.ts';
import type { ConfigMap, KubeSecret } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KnownKeys, Mark } from './marks.ts';
import { marksOf } from './marks.ts';
import type { Writer } from './writer.ts';
import { writerOf } from './writer.ts';

/** One key of a Secret or ConfigMap that holds a known pair, or a half of one. */
interface Entry extends Mark {
  /** Key in the object's `data`. */
  readonly key: string;
}

/** A Secret or ConfigMap that holds known keys. */
export interface Holder {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Its data cannot be changed any more. */
  readonly isImmutable: boolean;
  /** Null when nobody writes it but people. */
  readonly writer: Writer | null;
}

/** Kinds of Secrets that hold other things: releases, tokens, images' logins, certificates, lfctl's own. */
const otherTypes = /^(helm\.sh\/|kubernetes\.io\/(service-account-token|docker|tls)|bootstrap|lfctl\.dev\/)/;

/** Secrets and ConfigMaps with known keys. `namespace` null: of the whole cluster. */
export async function findHolders(
  inventory: Inventory,
  namespace: string | null,
  known: KnownKeys,
): Promise<Holder[]> {
  const [secrets, configMaps] = await Promise.all([
    inventory.list<KubeSecret>(resources.secrets, namespace),
    inventory.list<ConfigMap>(resources.configMaps, namespace),
  ]);
  const usual = secrets.filter(({ type = '' }) => !otherTypes.test(type));
  const found = await Promise.all([
    ...usual.map(async (object) => await holderOf('Secret', object, secretValues(object), known)),
    ...configMaps.map(async (object) => await holderOf('ConfigMap', object, configMapValues(object), known)),
  ]);
  return found.filter((holder) => holder !== null);
}

async function holderOf(
  kind: Holder['kind'],
  object: KubeSecret | ConfigMap,
  values: ReadonlyMap<string, string>,
  known: KnownKeys,
): Promise<Holder | null> {
  const entries: Entry[] = [];
  for (const [key, value] of values)
    for (const mark of await marksOf(value, known)) entries.push({ key, ...mark });
  if (entries.length === 0) return null;
  const { namespace = '', name } = object.metadata;
  const isImmutable = object.immutable === true;
  return { kind, namespace, name, entries, isImmutable, writer: writerOf(object) };
}

/** `Secret litellm/litellm-env`. */
export const holderText = ({ kind, namespace, name }: Pick<Holder, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;
