import { PassThrough } from 'node:stream';
import { LfctlError } from '../../src/errors/error.ts';
import type { KubeObject } from '../../src/ports/kube-objects.ts';
import type { KubePort, KubeResource, ListOptions } from '../../src/ports/kube.ts';

type Writes = Pick<KubePort, 'create' | 'replace' | 'patch' | 'remove'>;

/** For a fake that is only read. */
export const readOnlyKube: Writes = {
  create: () => Promise.reject(new Error('this cluster is only read')),
  replace: () => Promise.reject(new Error('this cluster is only read')),
  patch: () => Promise.reject(new Error('this cluster is only read')),
  remove: () => Promise.reject(new Error('this cluster is only read')),
};

/** A cluster in memory that takes writes with the API's own rules for versions and conflicts. */
export interface MemoryKube extends KubePort {
  /** `plural/namespace/name` → object, as it is now. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Each write, `verb plural ns/name`. */
  readonly writes: readonly string[];
  /** Calls whose `verb plural` is refused with KUBE_FORBIDDEN. */
  readonly forbidden: Set<string>;
  /** Called before each write; may throw, or change the cluster at the worst moment. */
  onWrite: (what: string) => void | Promise<void>;
}

export function memoryKube(seed: readonly (readonly [KubeResource, KubeObject])[] = []): MemoryKube {
  let version = 0;
  const objects = new Map<string, KubeObject>();
  const writes: string[] = [];
  const forbidden = new Set<string>();
  const key = ({ plural }: KubeResource, namespace: string | null | undefined, name: string): string =>
    `${plural}/${namespace ?? ''}/${name}`;
  const stamp = (object: KubeObject, namespace: string | null): KubeObject => {
    version += 1;
    const metadata = {
      uid: `uid-${String(version)}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...object.metadata,
      ...(namespace === null ? {} : { namespace }),
      resourceVersion: String(version),
    };
    return structuredClone({ ...object, metadata });
  };
  const conflict = (message: string): LfctlError => new LfctlError('KUBE_CONFLICT', { message });
  const missing = (name: string): LfctlError =>
    new LfctlError('KUBE_NOT_FOUND', { message: `${name} is not there` });
  const allow = (verb: string, { plural }: KubeResource): void => {
    if (forbidden.has(`${verb} ${plural}`))
      throw new LfctlError('KUBE_FORBIDDEN', { message: `forbidden: ${verb} ${plural}` });
  };
  const begin = async (verb: string, resource: KubeResource, namespace: string, name: string) => {
    allow(verb, resource);
    const what = `${verb} ${resource.plural} ${namespace}/${name}`;
    await kube.onWrite(what);
    writes.push(what);
  };
  for (const [resource, object] of seed) {
    const namespace = object.metadata.namespace ?? null;
    objects.set(key(resource, namespace, object.metadata.name), stamp(object, namespace));
  }
  const kube: MemoryKube = {
    objects,
    writes,
    forbidden,
    onWrite: () => undefined,
    context: { name: 'memory', server: 'https://memory', namespace: 'default', inCluster: false },
    version: () => Promise.resolve('v1.36.0'),
    async list<Kind extends KubeObject>(resource: KubeResource, options: ListOptions = {}) {
      allow('list', resource);
      const wanted = (options.labelSelector ?? '').split(',').filter((one) => one !== '');
      const found = [...objects].filter(
        ([name, { metadata }]) =>
          name.startsWith(`${resource.plural}/`) &&
          (options.namespace === undefined || metadata.namespace === options.namespace) &&
          wanted.every((one) => metadata.labels?.[one.split('=')[0] ?? ''] === one.split('=')[1]),
      );
      return await Promise.resolve(found.map(([, object]) => structuredClone(object) as Kind));
    },
    async get<Kind extends KubeObject>(resource: KubeResource, namespace: string | null, name: string) {
      allow('get', resource);
      return await Promise.resolve(
        structuredClone(objects.get(key(resource, namespace, name)) ?? null) as Kind | null,
      );
    },
    async create<Kind extends KubeObject>(resource: KubeResource, namespace: string, object: Kind) {
      await begin('create', resource, namespace, object.metadata.name);
      const at = key(resource, namespace, object.metadata.name);
      if (objects.has(at)) throw conflict(`${at} already exists`);
      objects.set(at, stamp(object, namespace));
      return structuredClone(objects.get(at)) as Kind;
    },
    async replace<Kind extends KubeObject>(resource: KubeResource, namespace: string, object: Kind) {
      await begin('update', resource, namespace, object.metadata.name);
      const at = key(resource, namespace, object.metadata.name);
      const old = objects.get(at);
      if (old === undefined) throw missing(at);
      const { resourceVersion } = object.metadata;
      if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
        throw conflict(`${at} was changed`);
      objects.set(at, stamp(object, namespace));
      return structuredClone(objects.get(at)) as Kind;
    },
    async patch<Kind extends KubeObject>(
      resource: KubeResource,
      namespace: string,
      name: string,
      patch: object,
    ) {
      await begin('patch', resource, namespace, name);
      const at = key(resource, namespace, name);
      const old = objects.get(at);
      if (old === undefined) throw missing(at);
      const { metadata } = patch as Partial<KubeObject>;
      const wanted = metadata?.resourceVersion;
      if (wanted !== undefined && wanted !== old.metadata.resourceVersion)
        throw conflict(`${at} was changed`);
      objects.set(at, stamp(merge(old, patch) as KubeObject, namespace));
      return structuredClone(objects.get(at)) as Kind;
    },
    async remove(resource, namespace, name, preconditions = {}) {
      await begin('delete', resource, namespace, name);
      const at = key(resource, namespace, name);
      const old = objects.get(at);
      if (old === undefined) return false;
      const { uid, resourceVersion } = preconditions;
      if (
        (uid !== undefined && uid !== old.metadata.uid) ||
        (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
      )
        throw conflict(`${at} was changed`);
      objects.delete(at);
      return true;
    },
    logs: () => Promise.resolve(''),
    can: () => Promise.resolve(true),
    forward: () => Promise.resolve(new PassThrough()),
    exec: () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' }),
    close: () => undefined,
  };
  return kube;
}

/** RFC 7386. */
function merge(old: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof old === 'object' && old !== null && !Array.isArray(old) ? old : {};
  const out: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = merge(out[name], value);
  }
  return out;
}
