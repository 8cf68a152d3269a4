import type { Program, ProgramHost, ProgramName } from '../program.ts';
import { releaseOf } from './langfuse/release.ts';

/** Loads a program; `partFolders` hold the node_modules of parts that are not bundled, `machinePath` real servers. */
export type LoadProgram = (partFolders: readonly string[], machinePath: string) => Promise<Program>;

/** What each image runs, loaded only in the pod that runs it. */
export const programs: Readonly<Record<ProgramName, LoadProgram>> = {
  'langfuse-web': async () => langfuseWeb,
  'langfuse-worker': async () => (await import('./langfuse-worker/program.ts')).langfuseWorkerProgram,
  postgres: async (folders) => (await import('./postgres.ts')).createPostgresProgram(folders),
  clickhouse: async (folders) => (await import('./clickhouse.ts')).createClickHouseProgram(folders),
  redis: async (_, machinePath) => (await import('./redis.ts')).createRedisProgram(machinePath),
  objects: async () => (await import('./objects.ts')).objectsProgram,
  litellm: async () => (await import('./litellm/program.ts')).liteLlmProgram,
  sidecar: async () => (await import('./sidecar.ts')).sidecarProgram,
};

/** Langfuse 2 has a web server of its own kind; only the one that the image names is loaded. */
async function langfuseWeb(host: ProgramHost): Promise<number> {
  if (releaseOf(host.imageTag).generation === 2)
    return await (await import('./langfuse-web-2/program.ts')).langfuseWeb2(host);
  return await (await import('./langfuse-web/program.ts')).langfuseWebProgram(host);
}
