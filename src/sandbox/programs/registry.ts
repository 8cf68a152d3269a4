import type { Program, ProgramName } from '../program.ts';

/** Loads a program; `partFolders` hold the node_modules of parts that are not bundled, `machinePath` real servers. */
export type LoadProgram = (partFolders: readonly string[], machinePath: string) => Promise<Program>;

/** What each image runs, loaded only in the pod that runs it. */
export const programs: Readonly<Record<ProgramName, LoadProgram>> = {
  'langfuse-web': async () => (await import('./langfuse-web/program.ts')).langfuseWebProgram,
  'langfuse-worker': async () => (await import('./langfuse-worker/program.ts')).langfuseWorkerProgram,
  postgres: async (folders) => (await import('./postgres.ts')).createPostgresProgram(folders),
  clickhouse: async (folders) => (await import('./clickhouse.ts')).createClickHouseProgram(folders),
  redis: async (_, machinePath) => (await import('./redis.ts')).createRedisProgram(machinePath),
  objects: async () => (await import('./objects.ts')).objectsProgram,
  litellm: async () => (await import('./litellm/program.ts')).liteLlmProgram,
  sidecar: async () => (await import('./sidecar.ts')).sidecarProgram,
};
