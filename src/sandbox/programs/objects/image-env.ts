import { readFile } from 'node:fs/promises';
import type { ProgramHost } from '../../program.ts';
import { hostPath } from '../installed.ts';
import type { Credentials } from './signature.ts';

/** What the images' entrypoints read: MinIO's own, Bitnami's, and SeaweedFS' `weed server -s3`. */
export interface ObjectsImage {
  readonly kind: 'minio' | 'seaweedfs';
  readonly port: number;
  /** Null where the program would not start. */
  readonly account: Credentials | null;
  /** Made at start when they are not there. */
  readonly buckets: readonly string[];
}

/** Reads env, arguments and mounted files as the image would. */
export async function readObjectsImage(host: ProgramHost): Promise<ObjectsImage> {
  const line = host.args.join(' ');
  return /\bweed\b/.test(line) ? readSeaweed(host, line) : readMinio(host, line);
}

function readMinio({ env }: ProgramHost, line: string): ObjectsImage {
  const accessKeyId = env['MINIO_ROOT_USER'] ?? env['MINIO_ACCESS_KEY'] ?? 'minioadmin';
  const secretAccessKey = env['MINIO_ROOT_PASSWORD'] ?? env['MINIO_SECRET_KEY'] ?? 'minioadmin';
  const tooShort = accessKeyId.length < 3 || secretAccessKey.length < 8;
  // Bitnami's variable, and `mkdir -p /data/bucket && minio server /data` as compose files have it.
  const named = bucketNames(env['MINIO_DEFAULT_BUCKETS']);
  const made = [...line.matchAll(/mkdir -p \/(?:data|export)\/([a-z0-9.-]+)/g)].map(([, name]) => name ?? '');
  return {
    kind: 'minio',
    port: 9000,
    account: tooShort ? null : { accessKeyId, secretAccessKey },
    buckets: [...new Set([...named, ...made])],
  };
}

/**
 * The identities lie in the file of `-s3.config`; the chart's hook makes the buckets by a call to the filer that
 * nothing here takes, so they are told by S3_BUCKET instead
 * (k8s/charts/seaweedfs/templates/all-in-one of seaweedfs/seaweedfs).
 */
async function readSeaweed(host: ProgramHost, line: string): Promise<ObjectsImage> {
  const config = /-s3\.config=(\S+)/.exec(line)?.[1];
  const text = config === undefined ? '' : await readFile(hostPath(host, config), 'utf8').catch(() => '');
  const [, accessKeyId] = /"accessKey"\s*:\s*"([^"]+)"/.exec(text) ?? [];
  const [, secretAccessKey] = /"secretKey"\s*:\s*"([^"]+)"/.exec(text) ?? [];
  const known = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    kind: 'seaweedfs',
    port: Number(/-s3\.port=(\d+)/.exec(line)?.[1] ?? 8333),
    account: known ? { accessKeyId, secretAccessKey } : null,
    buckets: bucketNames(host.env['S3_BUCKET']),
  };
}

/** `one,two:policy` or words between spaces. */
function bucketNames(text = ''): string[] {
  const names = text.split(/[\s,;]+/).map((entry) => entry.split(':')[0] ?? '');
  return names.filter((name) => name !== '');
}
