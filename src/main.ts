/** The process: argv, env, streams, signals and the exit code. The only file that says `process`. */
import { homedir } from 'node:os';
import { runCli } from './cli/run.ts';
import type { Host } from './cli/host.ts';

/** A random user id in a pod has no home folder, and Node throws. */
function homeFolder(): string | null {
  try {
    const folder = homedir();
    return folder === '' || folder === '/' ? null : folder;
  } catch {
    return null;
  }
}

function onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}

const host: Host = {
  env: process.env,
  homeFolder: homeFolder(),
  // Opened on use: a closed or missing stdin must not matter to those that do not read it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
  onSignal,
  exit: (code) => process.exit(code),
};

// All output is written by then; a socket that a server keeps open must not keep lfctl alive.
process.exit(await runCli(process.argv.slice(2), host));
