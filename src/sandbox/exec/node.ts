import { spawn } from 'node:child_process';
import type { Tool } from './tool.ts';

/** The real Node, in the container's env and with the cluster's names. */
export const nodeTool: Tool = async (args, { env, folder, launchNode, stderr }) => {
  if (launchNode === null) {
    stderr('node: not available here\n');
    return 126;
  }
  const mark = `globalThis.lfctlPodControl=${JSON.stringify(launchNode.controlFile)}`;
  const preload = [
    '--import',
    `data:text/javascript,${encodeURIComponent(mark)}`,
    '--import',
    launchNode.entry,
  ];
  const child = spawn(launchNode.path, [...preload, ...args], { env, cwd: folder, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 137)));
  });
};
