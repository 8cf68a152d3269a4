import type { Generation, Role } from './model.ts';

interface ImageParts {
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** Splits `registry:5000/a/b:tag@sha256:…`. */
function parseImage(image: string): ImageParts {
  const [name = '', digest] = image.split('@');
  const slash = name.lastIndexOf('/');
  const colon = name.lastIndexOf(':');
  const tagged = colon > slash;
  return {
    repository: tagged ? name.slice(0, colon) : name,
    tag: tagged ? name.slice(colon + 1) : null,
    digest: digest ?? null,
  };
}

/** What an image's name says of its content. */
export interface ImageName {
  readonly role: Role;
  /** `official`: Langfuse's own path; `mirror`: a name that mirrors make of it; `similar`: only speaks of Langfuse. */
  readonly likeness: 'official' | 'mirror' | 'similar';
}

/**
 * Reads the repository's path, not its registry. Official ones are langfuse/langfuse and langfuse/langfuse-worker
 * (https://langfuse.com/self-hosting/docker-compose); mirrors keep the path, or flatten it to `langfuse-langfuse-worker`,
 * `docker.io_langfuse_langfuse`, `langfuse-web`.
 */
export function imageName(image: string): ImageName | null {
  const { repository } = parseImage(image);
  if (/(^|\/)langfuse\/langfuse-worker$/.test(repository)) return { role: 'worker', likeness: 'official' };
  if (/(^|\/)langfuse\/langfuse$/.test(repository)) return { role: 'web', likeness: 'official' };
  const flat = repository.slice(repository.lastIndexOf('/') + 1).replaceAll(/[_.]+/g, '-');
  if (/(^|-)langfuse-worker$/.test(flat) || /(^|\/)langfuse\/worker$/.test(repository))
    return { role: 'worker', likeness: 'mirror' };
  if (/(^|-)langfuse(-web)?$/.test(flat) || /(^|\/)langfuse\/web$/.test(repository))
    return { role: 'web', likeness: 'mirror' };
  if (!/(^|-)langfuse(-|$)/.test(flat)) return null;
  return { role: /(^|-)worker(-|$)/.test(flat) ? 'worker' : 'web', likeness: 'similar' };
}

/**
 * The version that a tag names: `3.199.0`, `v3.199.0-alpine`, `prod-3.199.0`, `3`; null when it names none.
 * A lone number from 10 on, as in `2024-11-12` or `1234`, is a date or a build.
 */
export function tagVersion(image: string): string | null {
  const tag = parseImage(image).tag ?? '';
  const leading = /^v?(\d{1,2}(?:\.\d+){1,2}|\d)(?:$|[-_+])/.exec(tag);
  const inside = /(?:^|[-_+])v?(\d{1,2}\.\d+\.\d+)(?:$|[-_+])/.exec(tag);
  return leading?.[1] ?? inside?.[1] ?? null;
}

/** Generation of a version text; null for anything but 2, 3, 4 or later (which counts as 4). */
export function generationOf(version: string | null): Generation | null {
  const major = version === null ? Number.NaN : Number.parseInt(version, 10);
  if (major === 2 || major === 3) return major;
  return major >= 4 ? 4 : null;
}
