import type { ObjectsTarget } from '../../src/ports/objects.ts';
import { objectsProgram } from '../../src/sandbox/programs/objects.ts';
import { objectsSuite } from './objects-suite.ts';
import { minioServer, objectsTarget } from './real/minio.ts';
import { startProgram } from './sandbox-program.ts';
import type { Candidate } from './servers.ts';
import { onEach } from './servers.ts';

const sandboxObjects: Candidate<ObjectsTarget> = {
  name: "the sandbox's object store",
  find: async () =>
    await Promise.resolve({
      start: async () => {
        const env = {
          MINIO_ROOT_USER: 'contract',
          MINIO_ROOT_PASSWORD: 'contract-password',
          MINIO_DEFAULT_BUCKETS: 'contract',
        };
        const { address, stop } = await startProgram(objectsProgram, 9000, env);
        return { target: objectsTarget(`http://${address}:9000`), stop };
      },
    }),
};

await onEach('objects', [sandboxObjects, minioServer], objectsSuite);
