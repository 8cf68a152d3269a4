import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder of an npm package that is not bundled: in a node_modules above the running file, then in the extra
 * folders (each holds a node_modules of its own, as `npm install --prefix` leaves it).
 */
export async function findPackage(name: string, folders: readonly string[]): Promise<string | null> {
  for (const root of [...ancestors(dirname(fileURLToPath(import.meta.url))), ...folders]) {
    const folder = join(root, 'node_modules', name);
    if (await isFolder(folder)) return folder;
  }
  return null;
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/**
 * Host path of a path inside the container: under the mount that covers it, else under the container's own folder.
 */
export function hostPath(
  host: { readonly folder: string; readonly mounts: Readonly<Record<string, string>> },
  containerPath: string,
): string {
  const covering = Object.keys(host.mounts)
    .filter((mount) => containerPath === mount || containerPath.startsWith(`${mount.replace(/\/$/, '')}/`))
    .sort((left, right) => right.length - left.length)[0];
  if (covering === undefined) return join(host.folder, containerPath);
  return join(host.mounts[covering] ?? host.folder, containerPath.slice(covering.length));
}
