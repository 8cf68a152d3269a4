import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program, ProgramHost } from '../program.ts';
import { makeBucket } from './objects/buckets.ts';
import type { ObjectsImage } from './objects/image-env.ts';
import { readObjectsImage } from './objects/image-env.ts';
import { createS3Server } from './objects/server.ts';
import type { Credentials } from './objects/signature.ts';
import { BucketStore } from './objects/store.ts';

const dataFolders = ['/data', '/bitnami/minio/data', '/export'];

/**
 * An S3 server that answers as MinIO does, on MinIO's port or SeaweedFS' one; data lies in the mount of /data.
 * Reads what the image would (image-env.ts), and MINIO_DOMAIN.
 */
export const objectsProgram: Program = async (host) => {
  const image = await readObjectsImage(host);
  const { account } = image;
  if (account === null) {
    refusals[image.kind].forEach(host.print);
    return 1;
  }
  const store = new BucketStore(await dataFolder(host), () => new Date().getTime());
  await store.open();
  for (const bucket of image.buckets) if (!store.buckets.has(bucket)) makeBucket(store, bucket);
  try {
    return await serve(host, store, image, account);
  } finally {
    store.close();
  }
};

const refusals: Readonly<Record<ObjectsImage['kind'], readonly string[]>> = {
  minio: [
    'ERROR Unable to validate credentials inherited from the shell environment: Invalid credentials',
    '      > Please provide correct credentials',
    '      HINT:',
    '        MINIO_ROOT_USER length should be at least 3, and MINIO_ROOT_PASSWORD length at least 8 characters',
  ],
  seaweedfs: ['fail to load config file: no identity in the file of -s3.config'],
};

async function serve(
  host: ProgramHost,
  store: BucketStore,
  image: ObjectsImage,
  account: Credentials,
): Promise<number> {
  const domain = host.env['MINIO_DOMAIN'] || null;
  const report = (cause: unknown): void =>
    host.print(`API: ${cause instanceof Error ? cause.message : 'failed'}`);
  const server = createS3Server({ store, account, domain, report });
  server.listen(image.port, host.address);
  await once(server, 'listening');
  banner(host, image, account).forEach(host.print);
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

function banner(
  { address, imageTag }: ProgramHost,
  { kind, port }: ObjectsImage,
  account: Credentials,
): string[] {
  if (kind === 'seaweedfs') return [`Start Seaweed S3 API Server ${imageTag} at http port ${port}`];
  const lines = [
    'MinIO Object Storage Server',
    'Copyright: 2015-2025 MinIO, Inc.',
    'License: GNU AGPLv3 - https://www.gnu.org/licenses/agpl-3.0.html',
    `Version: ${imageTag}`,
    '',
    `API: http://${address}:${port}`,
    '',
    'Docs: https://docs.min.io',
  ];
  if (account.secretAccessKey !== 'minioadmin') return lines;
  return [
    ...lines,
    "WARN: Detected default credentials 'minioadmin:minioadmin', we recommend that you change these values with 'MINIO_ROOT_USER' and 'MINIO_ROOT_PASSWORD' environment variables",
  ];
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
