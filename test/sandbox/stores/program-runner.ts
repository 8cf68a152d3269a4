import { argv, exit } from 'node:process';
import type { ProgramHost } from '../../../src/sandbox/program.ts';
import { clickhouseProgram } from '../../../src/sandbox/programs/clickhouse.ts';
import { postgresProgram } from '../../../src/sandbox/programs/postgres.ts';

/** Runs a store in a process of its own, as a pod does: node program-runner.js clickhouse|postgres '<host as JSON>' */
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const program = argv[2] === 'postgres' ? postgresProgram : clickhouseProgram;
const host = JSON.parse(argv[3] ?? '{}') as ProgramHost;
program({
  ...host,
  resolve: async (name) => name,
  print: (line) => process.stdout.write(`${line}\n`),
  stopping: stopping.signal,
}).then(exit, (error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  exit(1);
});
