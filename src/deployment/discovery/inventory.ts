import type { ErrorCode } from '../../errors/catalog.ts';
import { LfctlError } from '../../errors/error.ts';
import type { ConfigMap, KubeObject, KubeSecret } from '../../ports/kube-objects.ts';
import type { KubePort, KubeResource } from '../../ports/kube.ts';
import { resources, resourceText } from '../../ports/kube-resources.ts';
import type { EnvLookups, Lookup } from '../resolve-env.ts';
import { configMapValues, secretValues } from '../resolve-env.ts';

/**
 * Reads cluster objects for discovery. A missing right does not end the search:
 * it is noted, and what depends on it is unknown.
 */
export interface Inventory {
  readonly list: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
  ) => Promise<Kind[]>;
  readonly get: <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ) => Promise<Kind | null | 'forbidden'>;
  readonly lookups: (namespace: string) => EnvLookups;
  /** What could not be read, each once: `forbidden: list ingresses in ns`. */
  readonly unknown: () => readonly string[];
  readonly forbidden: (resource: KubeResource, namespace: string | null) => boolean;
}

const survivable: readonly ErrorCode[] = ['KUBE_FORBIDDEN'];

export function openInventory(kube: KubePort): Inventory {
  const unknown = new Set<string>();
  const refused = new Set<string>();
  const seen = new Map<string, Promise<Lookup>>();
  const note = (error: unknown, resource: KubeResource, namespace: string | null): void => {
    if (!(error instanceof LfctlError) || !survivable.includes(error.code)) throw error;
    unknown.add(error.message);
    refused.add(`${resourceText(resource)}/${namespace ?? ''}`);
  };
  const get = async <Kind extends KubeObject>(
    resource: KubeResource,
    namespace: string | null,
    name: string,
  ): Promise<Kind | null | 'forbidden'> => {
    try {
      return await kube.get<Kind>(resource, namespace, name);
    } catch (error) {
      note(error, resource, namespace);
      return 'forbidden';
    }
  };
  const once = (key: string, read: () => Promise<Lookup>): Promise<Lookup> => {
    const known = seen.get(key) ?? read();
    seen.set(key, known);
    return known;
  };
  return {
    get,
    list: async <Kind extends KubeObject>(
      resource: KubeResource,
      namespace: string | null,
    ): Promise<Kind[]> => {
      try {
        return await kube.list<Kind>(resource, namespace === null ? {} : { namespace });
      } catch (error) {
        note(error, resource, namespace);
        return [];
      }
    },
    lookups: (namespace) => ({
      secret: (name) =>
        once(`secret/${namespace}/${name}`, async () =>
          toLookup(await get<KubeSecret>(resources.secrets, namespace, name), secretValues),
        ),
      configMap: (name) =>
        once(`configmap/${namespace}/${name}`, async () =>
          toLookup(await get<ConfigMap>(resources.configMaps, namespace, name), configMapValues),
        ),
    }),
    unknown: () => [...unknown],
    forbidden: (resource, namespace) => refused.has(`${resourceText(resource)}/${namespace ?? ''}`),
  };
}

function toLookup<Kind>(
  object: Kind | null | 'forbidden',
  values: (object: Kind) => ReadonlyMap<string, string>,
): Lookup {
  if (object === 'forbidden') return { found: false, why: 'forbidden' };
  return object === null ? { found: false, why: 'no-object' } : { found: true, values: values(object) };
}
