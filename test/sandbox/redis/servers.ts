import { createRedisProgram, findOnPath, redisProgramWith } from '../../../src/sandbox/programs/redis.ts';
import type { Program } from '../../../src/sandbox/program.ts';
import { runProgram } from './program-run.ts';
import type { ProgramRun } from './program-run.ts';

export interface RedisUnderTest {
  readonly name: string;
  readonly program: Program;
  /** Why it cannot be tested here, or null. */
  readonly missing: string | null;
}

const machinePath = '/usr/local/bin:/usr/bin:/opt/homebrew/bin';
const real = await findOnPath('redis-server', machinePath);

/** Both servers that a sandbox may run; one contract holds them. */
export const servers: readonly RedisUnderTest[] = [
  { name: 'our server', program: redisProgramWith(() => Promise.resolve(null)), missing: null },
  {
    name: real === null ? 'redis-server (skipped: not on PATH)' : 'redis-server',
    program: createRedisProgram(machinePath),
    missing: real === null ? 'not on PATH' : null,
  },
];

/** Starts one and waits until it takes connections. */
export async function startRedis(
  program: Program,
  args: readonly string[] = [],
  folder?: string,
): Promise<ProgramRun> {
  const run = await runProgram(program, {
    args: ['redis-server', ...args],
    ...(folder === undefined ? {} : { folder, mounts: { '/data': folder } }),
  });
  await run.line(/Ready to accept connections/);
  return run;
}
