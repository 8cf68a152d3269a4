import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program, ProgramHost } from '../program.ts';
import { makeBucket } from './objects/buckets.ts';
import { createS3Server } from './objects/server.ts';
import type { Credentials } from './objects/signature.ts';
import { BucketStore } from './objects/store.ts';

const port = 9000;
const dataFolders = ['/data', '/bitnami/minio/data', '/export'];

/**
 * An S3 server on port 9000 that answers as MinIO does. Reads MINIO_ROOT_USER, MINIO_ROOT_PASSWORD, MINIO_DOMAIN
 * and MINIO_DEFAULT_BUCKETS; data lies in the mount of /data.
 */
export const objectsProgram: Program = async (host) => {
  const account = readAccount(host);
  if (account === null) {
    host.print(
      'ERROR Unable to validate credentials inherited from the shell environment: Invalid credentials',
    );
    host.print('      > Please provide correct credentials');
    host.print('      HINT:');
    host.print(
      '        MINIO_ROOT_USER length should be at least 3, and MINIO_ROOT_PASSWORD length at least 8 characters',
    );
    return 1;
  }
  const store = new BucketStore(await dataFolder(host), () => new Date().getTime());
  await store.open();
  for (const bucket of initialBuckets(host)) if (!store.buckets.has(bucket)) makeBucket(store, bucket);
  try {
    return await serve(host, store, account);
  } finally {
    store.close();
  }
};

async function serve(host: ProgramHost, store: BucketStore, account: Credentials): Promise<number> {
  const domain = host.env['MINIO_DOMAIN'] || null;
  const report = (cause: unknown): void =>
    host.print(`API: ${cause instanceof Error ? cause.message : 'failed'}`);
  const server = createS3Server({ store, account, domain, report });
  server.listen(port, host.address);
  await once(server, 'listening');
  printBanner(host, account);
  await untilAborted(host.stopping);
  host.print('INFO: Exiting on signal: TERMINATED');
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const rest = setTimeout(() => server.closeAllConnections(), 5000 / host.timeScale);
  await closed;
  clearTimeout(rest);
  return 0;
}

function printBanner(host: ProgramHost, account: Credentials): void {
  host.print('MinIO Object Storage Server');
  host.print('Copyright: 2015-2025 MinIO, Inc.');
  host.print('License: GNU AGPLv3 - https://www.gnu.org/licenses/agpl-3.0.html');
  host.print(`Version: ${host.imageTag}`);
  host.print('');
  host.print(`API: http://${host.address}:${port}`);
  host.print('');
  host.print('Docs: https://docs.min.io');
  if (account.secretAccessKey === 'minioadmin')
    host.print(
      "WARN: Detected default credentials 'minioadmin:minioadmin', we recommend that you change these values with 'MINIO_ROOT_USER' and 'MINIO_ROOT_PASSWORD' environment variables",
    );
}

/** Null where MinIO would not start: too short. */
function readAccount({ env }: ProgramHost): Credentials | null {
  const accessKeyId = env['MINIO_ROOT_USER'] ?? env['MINIO_ACCESS_KEY'] ?? 'minioadmin';
  const secretAccessKey = env['MINIO_ROOT_PASSWORD'] ?? env['MINIO_SECRET_KEY'] ?? 'minioadmin';
  return accessKeyId.length < 3 || secretAccessKey.length < 8 ? null : { accessKeyId, secretAccessKey };
}

/** Bitnami's variable, and `mkdir -p /data/bucket && minio server /data` as compose files have it. */
function initialBuckets({ env, args }: ProgramHost): string[] {
  const named = (env['MINIO_DEFAULT_BUCKETS'] ?? '')
    .split(/[\s,;]+/)
    .map((entry) => entry.split(':')[0] ?? '');
  const made = [...args.join(' ').matchAll(/mkdir -p \/(?:data|export)\/([a-z0-9.-]+)/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set([...named, ...made])].filter((name) => name !== '');
}

async function dataFolder(host: ProgramHost): Promise<string> {
  const mounted = dataFolders.map((path) => host.mounts[path]).find((path) => path !== undefined);
  const folder = mounted ?? join(host.folder, 'data');
  await mkdir(folder, { recursive: true });
  return folder;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
