import { once } from 'node:events';
import type { Program } from '../program.ts';

/** A container that does nothing but run, or what its command says with the built-in tools. */
export const sidecarProgram: Program = async (host) => {
  if (host.args.length > 0) return runCommand(host);
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  return 0;
};

const runCommand: Program = async (host) => {
  const { runTool } = await import('../exec/run.ts');
  const { lineCutter } = await import('../pod/log-lines.ts');
  const lines = lineCutter(host.print);
  const code = await runTool(host.args, {
    env: { ...host.env },
    address: host.address,
    folder: host.folder,
    mounts: host.mounts,
    resolve: host.resolve,
    stdin: async () => '',
    stdout: lines.write,
    stderr: lines.write,
    stopping: host.stopping,
    launchNode: null,
  });
  lines.flush();
  return host.stopping.aborted ? 143 : code;
};
