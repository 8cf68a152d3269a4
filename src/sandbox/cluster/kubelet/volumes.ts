import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ConfigMap, Container, KubeSecret, Pod, Volume } from '../../../ports/kube-objects.ts';
import { found, kinds } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { claimFolder } from './pod-folder.ts';

/** A volume that cannot be mounted yet, with the words of the FailedMount event. */
export class MountError extends Error {
  override readonly name = 'MountError';
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

/** Fields of volumes that lfctl's own model leaves out. */
interface FullVolume extends Volume {
  readonly configMap?: Volume['configMap'] & { readonly items?: readonly KeyToPath[] };
  readonly secret?: Volume['secret'] & { readonly items?: readonly KeyToPath[] };
}

/**
 * Fills the folders of a pod's volumes. ConfigMaps and Secrets are written once: a later change needs a new pod.
 * @throws MountError
 */
export async function mountVolumes(
  store: ObjectStore,
  pod: Pod,
  podPath: string,
  stateFolder: string,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const volume of (pod.spec.volumes ?? []) as readonly FullVolume[]) {
    const claim = volume.persistentVolumeClaim?.claimName;
    const namespace = pod.metadata.namespace ?? 'default';
    const folder =
      claim === undefined
        ? join(podPath, 'volumes', volume.name)
        : claimFolder(stateFolder, namespace, claim);
    await mkdir(folder, { recursive: true });
    await fill(store, volume, namespace, folder);
    folders.set(volume.name, folder);
  }
  return folders;
}

async function fill(
  store: ObjectStore,
  volume: FullVolume,
  namespace: string,
  folder: string,
): Promise<void> {
  const { configMap, secret } = volume;
  if (configMap) {
    const name = configMap.name ?? '';
    const object = found<ConfigMap & { binaryData?: Record<string, string> }>(
      store,
      kinds.configMaps,
      namespace,
      name,
    );
    if (object === null && configMap.optional !== true)
      throw missing(volume, `configmap "${name}" not found`);
    const text = Object.entries(object?.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
    await write(volume, folder, [...text, ...decoded(object?.binaryData)], configMap.items);
  }
  if (secret) {
    const name = secret.secretName ?? '';
    const object = found<KubeSecret>(store, kinds.secrets, namespace, name);
    if (object === null && secret.optional !== true) throw missing(volume, `secret "${name}" not found`);
    await write(volume, folder, decoded(object?.data), secret.items);
  }
}

function decoded(data: Readonly<Record<string, string>> = {}): (readonly [string, Buffer])[] {
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
}

function missing(volume: Volume, why: string): MountError {
  return new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
}

async function write(
  volume: Volume,
  folder: string,
  values: readonly (readonly [string, Buffer])[],
  items: readonly KeyToPath[] | undefined,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const wanted = items ?? values.map(([key]) => ({ key, path: key }));
  for (const { key, path } of wanted) {
    const value = values.find(([name]) => name === key)?.[1];
    if (value === undefined) throw missing(volume, `references non-existent config key: ${key}`);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), value);
  }
}

/** Host path of each mount of a container; subPath picks a file or folder of the volume. */
export async function containerMounts(
  container: Container,
  folders: ReadonlyMap<string, string>,
): Promise<Record<string, string>> {
  const mounts: Record<string, string> = {};
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const folder = folders.get(name);
    if (folder === undefined) continue;
    const path = join(folder, subPath ?? '');
    if (subPath !== undefined) await mkdir(path, { recursive: true }).catch(() => undefined);
    mounts[mountPath.replace(/(.)\/$/, '$1')] = path;
  }
  return mounts;
}
