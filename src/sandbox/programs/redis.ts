import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Program, ProgramHost } from '../program.ts';
import { readDirectives } from './redis/directives.ts';
import { runRealServer } from './redis/real-server.ts';

/** Where an executable lies, or null. */
export type FindExecutable = (name: string) => Promise<string | null>;

const dataFolders = ['/data', '/bitnami/redis/data', '/bitnami/valkey/data'];

/** Redis on port 6379: redis-server where the machine's PATH has it, else a server of ours with the same answers. */
export function createRedisProgram(machinePath: string): Program {
  return redisProgramWith((name) => findOnPath(name, machinePath));
}

/** The program with another way to look for redis-server; one that finds nothing gives our own server. */
export function redisProgramWith(find: FindExecutable): Program {
  return async (host) => {
    const directives = await readDirectives(host.args, host.env, (path) => hostPath(host, path));
    const folder = await dataFolder(host);
    const executable = await find('redis-server');
    if (executable !== null) return runRealServer(executable, host, directives, folder);
    // Lua is loaded only where it is needed.
    const { runStandIn } = await import('./redis/stand-in.ts');
    return runStandIn(host, directives, folder);
  };
}

/** Looks through a PATH for an executable file. */
export async function findOnPath(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, name);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return null;
}

async function dataFolder(host: ProgramHost): Promise<string> {
  const mounted = dataFolders.map((path) => host.mounts[path]).find((path) => path !== undefined);
  const folder = mounted ?? join(host.folder, 'data');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A path inside the container as a path of this machine. */
function hostPath(host: ProgramHost, path: string): string | null {
  const mounts = Object.entries(host.mounts).sort(([left], [right]) => right.length - left.length);
  const mount = mounts.find(([at]) => path === at || path.startsWith(`${at}/`));
  return mount === undefined ? null : join(mount[1], path.slice(mount[0].length));
}
