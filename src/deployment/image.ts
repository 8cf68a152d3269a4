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

/**
 * Role that an image stands for, by the last path segments: registries and mirrors differ.
 * Official repositories: langfuse/langfuse and langfuse/langfuse-worker
 * (https://langfuse.com/self-hosting/docker-compose); mirrors flatten them to langfuse-web and langfuse-worker.
 */
export function imageRole(image: string): Role | null {
  const { repository } = parseImage(image);
  const segments = repository.split('/');
  const last = segments.at(-1) ?? '';
  if (last === 'langfuse-worker' || repository.endsWith('langfuse/worker')) return 'worker';
  if (last === 'langfuse-web' || last === 'langfuse') return 'web';
  return null;
}

/** The version a tag names: `3.199.0`, `v3.199.0-alpine`, `3`; null when it names none. */
export function tagVersion(image: string): string | null {
  const tag = parseImage(image).tag;
  const match = tag === null ? null : /^v?(\d+(?:\.\d+){0,2})(?:$|[-_+])/.exec(tag);
  return match?.[1] ?? null;
}

/** Generation of a version text; null for anything but 2, 3, 4 or later (which counts as 4). */
export function generationOf(version: string | null): Generation | null {
  const major = version === null ? Number.NaN : Number.parseInt(version, 10);
  if (major === 2 || major === 3) return major;
  return major >= 4 ? 4 : null;
}
