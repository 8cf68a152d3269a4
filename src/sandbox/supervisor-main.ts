import { writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LfctlError } from '../errors/error.ts';
import { packageFolder, programFolder } from './package-folder.ts';
import { sandboxFolder } from './state.ts';
import { keepStatus } from './supervisor/status-file.ts';
import { supervise } from './supervisor/supervisor.ts';

/** Never throws: on a full disk a failed line must not become another line. */
function log(line: string): void {
  try {
    writeSync(2, `${new Date().toISOString()} ${line}\n`);
  } catch {
    // Nobody can be told.
  }
}

/** The process behind a sandbox: `sandbox-supervisor.js STATE_FOLDER NAME`, started by `lfctl sandbox up`. */
async function main(): Promise<void> {
  const [stateFolder, name] = process.argv.slice(2);
  if (stateFolder === undefined || name === undefined)
    throw new Error('usage: sandbox-supervisor STATE NAME');
  const folder = sandboxFolder(stateFolder, name);
  const status = keepStatus(folder.status, process.pid, () => new Date());
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      log(`${signal}: stopping`);
      stop.abort();
    });
  process.on('SIGHUP', () => undefined);
  process.on('uncaughtException', (error) => log(`uncaught: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (reason) =>
    log(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
  );
  try {
    await supervise({
      folder,
      status,
      programEntry: join(programFolder(), 'sandbox-program.js'),
      nodePath: process.execPath,
      path: [process.env['PATH'], dirname(process.execPath)].filter(Boolean).join(':'),
      templatesFolder: join(packageFolder(), 'templates', 'sandbox'),
      now: () => new Date(),
      log,
      stopping: stop.signal,
      requestStop: () => stop.abort(),
    });
  } catch (error) {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const code = error instanceof LfctlError ? error.code : 'SANDBOX_START';
    const message = error instanceof Error ? error.message : String(error);
    status.set({ phase: 'failed', failure: { code, message } });
    process.exitCode = 1;
  }
  await status.written();
  process.exit();
}

void main();
