import { LfctlError } from '../../errors/error.ts';
import type { ConfigMap, KubeObject, KubeSecret } from '../../ports/kube-objects.ts';
import type { KubePort, KubeResource } from '../../ports/kube.ts';
import { resources, resourceText } from '../../ports/kube-resources.ts';
import type { EnvLookups, Lookup } from '../resolve-env.ts';
import { configMapValues, secretValues } from '../resolve-env.ts';

/**
 * Reads cluster objects for discovery, each at most once. A missing right does not end the search:
 * it is noted, and what depends on it is unknown.
 */
export interface Inventory {
  /** `labelSelector` narrows the list at the server. */
  readonly list: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    labelSelector?: string,
  ) => Promise<readonly Kind[]>;
  readonly get: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ) => Promise<Kind | null | 'forbidden'>;
  /** The same without noting a missing right: for what is good to know and nothing depends on. */
  readonly peek: Inventory['get'];
  /** All objects of a kind in the cluster without noting a missing right; null where they may not be listed. */
  readonly peekAll: <Kind extends KubeObject>(resource: KubeResource) => Promise<readonly Kind[] | null>;
  readonly lookups: (namespace: string) => EnvLookups;
  /** What could not be read, each once: `forbidden: list ingresses in ns`. */
  readonly unknown: () => readonly string[];
  readonly forbidden: (resource: KubeResource, namespace: string | null) => boolean;
}

/** An answer, or the refusal of it. */
type Asked = { readonly answer: unknown } | { readonly refused: LfctlError };

export function openInventory(kube: KubePort): Inventory {
  const unknown = new Set<string>();
  const refused = new Set<string>();
  const asked = new Map<string, Promise<Asked>>();
  const ask = (key: string, read: () => Promise<unknown>): Promise<Asked> => {
    const known = asked.get(key) ?? survive(read);
    asked.set(key, known);
    return known;
  };
  const note = (error: LfctlError, resource: KubeResource, namespace: string | null): void => {
    unknown.add(error.message);
    refused.add(keyOf(resource, namespace));
  };
  const askList = (resource: KubeResource, namespace: string | null, labelSelector = ''): Promise<Asked> =>
    ask(`list ${keyOf(resource, namespace)} ${labelSelector}`, () =>
      kube.list(resource, {
        ...(namespace === null ? {} : { namespace }),
        ...(labelSelector === '' ? {} : { labelSelector }),
      }),
    );
  const askGet = (resource: KubeResource, namespace: string | null, name: string): Promise<Asked> =>
    ask(`get ${keyOf(resource, namespace)}/${name}`, () => kube.get(resource, namespace, name));
  const get: Inventory['get'] = async <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ) => {
    const result = await askGet(resource, namespace, name);
    if ('refused' in result) {
      note(result.refused, resource, namespace);
      return 'forbidden';
    }
    return result.answer as Kind | null;
  };
  return {
    get,
    peek: async <Kind extends KubeObject>(resource: KubeResource, namespace: string | null, name: string) => {
      const result = await askGet(resource, namespace, name);
      return 'refused' in result ? 'forbidden' : (result.answer as Kind | null);
    },
    list: async <Kind extends KubeObject>(
      resource: KubeResource,
      namespace: string | null,
      labelSelector?: string,
    ) => {
      const result = await askList(resource, namespace, labelSelector);
      if (!('refused' in result)) return result.answer as readonly Kind[];
      note(result.refused, resource, namespace);
      return [];
    },
    peekAll: async <Kind extends KubeObject>(resource: KubeResource) => {
      const result = await askList(resource, null);
      return 'refused' in result ? null : (result.answer as readonly Kind[]);
    },
    lookups: (namespace) => ({
      secret: async (name) =>
        toLookup(await get<KubeSecret>(resources.secrets, namespace, name), secretValues),
      configMap: async (name) =>
        toLookup(await get<ConfigMap>(resources.configMaps, namespace, name), configMapValues),
    }),
    unknown: () => [...unknown],
    forbidden: (resource, namespace) => refused.has(keyOf(resource, namespace)),
  };
}

const keyOf = (resource: KubeResource, namespace: string | null): string =>
  `${resourceText(resource)}/${namespace ?? ''}`;

/** Only a missing right is survived; any other failure ends the search. */
async function survive(read: () => Promise<unknown>): Promise<Asked> {
  try {
    return { answer: await read() };
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return { refused: error };
    throw error;
  }
}

function toLookup<Kind>(
  object: Kind | null | 'forbidden',
  values: (object: Kind) => ReadonlyMap<string, string>,
): Lookup {
  if (object === 'forbidden') return { found: false, why: 'forbidden' };
  return object === null ? { found: false, why: 'no-object' } : { found: true, values: values(object) };
}
