import type { ProgramName } from './program.ts';

/** What an image stands for in the sandbox. */
export interface SandboxImage {
  readonly program: ProgramName;
  readonly tag: string;
  /** The name as the container runtime shows it: `docker.io/langfuse/langfuse:3.199.0`. */
  readonly fullName: string;
  /** Below this memory limit the real program is killed at start; the sandbox kills it too. */
  readonly memoryFloorBytes: number;
  /** What the sandbox has no use for: it is there and does nothing, without a process. */
  readonly idle: boolean;
}

interface ImageRow {
  /** Fits the repository without its registry. */
  readonly repository: RegExp;
  readonly program: ProgramName;
  /** Tags that exist; any when absent. */
  readonly tags?: readonly string[];
  readonly memoryFloorMiB: number;
  readonly idle?: true;
}

const langfuseTags = ['2.95.12', '3.198.0', '3.199.0', '4.15.0', '4.16.0', '4.99.0', '2', '3', '4', 'latest'];
const workerTags = langfuseTags.filter((tag) => !tag.startsWith('2'));

/**
 * In order: the first row that fits decides. A mirror may flatten `langfuse/langfuse` to `langfuse` or to
 * `langfuse-langfuse`, and `bitnami/minio` to `bitnami-minio`.
 */
const rows: readonly ImageRow[] = [
  {
    repository: /(^|[/_-])langfuse-worker$/,
    program: 'langfuse-worker',
    tags: workerTags,
    memoryFloorMiB: 192,
  },
  {
    repository: /(^|[/_-])langfuse(-web)?$/,
    program: 'langfuse-web',
    tags: langfuseTags,
    memoryFloorMiB: 192,
  },
  { repository: /(^|[/_-])(postgres|postgresql)$/, program: 'postgres', memoryFloorMiB: 24 },
  { repository: /(^|[/_-])(clickhouse|clickhouse-server)$/, program: 'clickhouse', memoryFloorMiB: 256 },
  { repository: /(^|[/_-])(redis|valkey)$/, program: 'redis', memoryFloorMiB: 4 },
  { repository: /(^|[/_-])(minio|seaweedfs)$/, program: 'objects', memoryFloorMiB: 48 },
  {
    repository: /(^|[/_-])(zookeeper|clickhouse-keeper)$/,
    program: 'sidecar',
    memoryFloorMiB: 24,
    idle: true,
  },
  { repository: /(^|\/)litellm(-database|-non_root)?$/, program: 'litellm', memoryFloorMiB: 192 },
  {
    repository: /(^|[/_-])(busybox|alpine|proxyv2|pause|envoy|fluent-bit|cloud-sql-proxy|curl|mc|node)$/,
    program: 'sidecar',
    memoryFloorMiB: 1,
  },
];

/** An image's name in its parts. */
export interface ImageName {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Splits an image as the container runtime does: Docker Hub and `latest` where nothing is said. */
export function parseImage(image: string): ImageName {
  const [name = ''] = image.split('@');
  const slash = name.indexOf('/');
  const head = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = /[.:]/.test(head) || head === 'localhost';
  const path = hasRegistry ? name.slice(slash + 1) : name;
  const colon = path.lastIndexOf(':');
  const repository = colon < 0 ? path : path.slice(0, colon);
  return {
    registry: hasRegistry ? head : 'docker.io',
    repository: !hasRegistry && !repository.includes('/') ? `library/${repository}` : repository,
    tag: colon < 0 ? 'latest' : path.slice(colon + 1),
  };
}

/** The image's name with registry and tag. */
export function fullImageName(image: string): string {
  const { registry, repository, tag } = parseImage(image);
  return `${registry}/${repository}:${tag}`;
}

/** What the image stands for; null when no registry would have it. */
export function findImage(image: string): SandboxImage | null {
  const { repository, tag } = parseImage(image);
  const row = rows.find((each) => each.repository.test(repository));
  if (row === undefined || (row.tags !== undefined && !row.tags.includes(tag))) return null;
  const { program, memoryFloorMiB, idle = false } = row;
  const memoryFloorBytes = memoryFloorMiB * 1024 * 1024;
  return { program, tag, fullName: fullImageName(image), memoryFloorBytes, idle };
}

/** The runtime's answer for an image that is not there, as containerd gives it. */
export function pullError(image: string): string {
  const name = fullImageName(image);
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": ` +
    `failed to resolve reference "${name}": ${name}: not found`
  );
}
