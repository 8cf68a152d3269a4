import { Secret } from '../../../src/deployment/secret.ts';
import type { ObjectsTarget } from '../../../src/ports/objects.ts';
import type { Candidate, Started } from '../servers.ts';
import { findProgram, freePort, openFolder, startServer } from './process.ts';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const account = { user: 'contract', password: 'contract-password' };

/** MinIO's own server: MINIO_CONTRACT_BIN, or `minio` on PATH; `.ci/install-real-servers` builds one. */
export const minioServer: Candidate<ObjectsTarget> = {
  name: 'MinIO',
  async find() {
    const program = process.env['MINIO_CONTRACT_BIN'] ?? (await findProgram('minio'));
    if (program === null) return { missing: 'no minio on PATH and no MINIO_CONTRACT_BIN' };
    return { start: async () => await start(program) };
  },
};

async function start(program: string): Promise<Started<ObjectsTarget>> {
  const folder = await openFolder();
  const port = await freePort();
  await mkdir(join(folder, 'data', 'contract'), { recursive: true });
  const address = `127.0.0.1:${port}`;
  const { stop } = await startServer({
    program,
    args: ['server', '--address', address, '--quiet', join(folder, 'data')],
    folder,
    env: { MINIO_ROOT_USER: account.user, MINIO_ROOT_PASSWORD: account.password, MINIO_BROWSER: 'off' },
    ready: async () => (await fetch(`http://${address}/minio/health/ready`).catch(() => null))?.ok === true,
  });
  return { target: objectsTarget(`http://${address}`), stop };
}

export function objectsTarget(endpoint: string): ObjectsTarget {
  return {
    endpoint,
    region: 'us-east-1',
    bucket: 'contract',
    prefix: '',
    pathStyle: true,
    accessKeyId: account.user,
    secretAccessKey: new Secret(account.password),
  };
}
