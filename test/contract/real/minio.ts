import { objectsOpener } from '../../../src/adapters/objects.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import type { ObjectsTarget } from '../../../src/ports/objects.ts';
import { accessOf } from '../../adapters/support.ts';
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
    ready: async () => await knowsItsBucket(objectsTarget(`http://${address}`)),
  });
  return { target: objectsTarget(`http://${address}`), stop };
}

/** It says that it is ready before it has read which buckets and users it has. */
async function knowsItsBucket(target: ObjectsTarget): Promise<boolean> {
  const port = await objectsOpener()(target, accessOf({ queryTimeoutMs: 2000 }));
  try {
    await port.headBucket();
    return true;
  } catch {
    return false;
  } finally {
    port.close();
  }
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
