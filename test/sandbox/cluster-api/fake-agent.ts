import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { AgentExec, NodeAgent } from '../../../src/sandbox/cluster/node-agent.ts';
import { NodeAgentError } from '../../../src/sandbox/cluster/node-agent.ts';

/** A kubelet that logs ten lines, runs commands on this machine and dials 127.0.0.1. */
export function fakeAgent(): NodeAgent & { readonly stopped: string[] } {
  const stopped: string[] = [];
  return {
    stopped,
    async *logs(_namespace, pod, options) {
      if (options.previous && pod.startsWith('fresh'))
        throw new NodeAgentError(
          400,
          `previous terminated container "${options.container}" in pod "${pod}" not found`,
        );
      const word = options.previous ? 'before' : 'line';
      const lines = Array.from({ length: 10 }, (_, index) => `${word} ${index} of ${options.container}\n`);
      for (const line of lines.slice(-(options.tailLines ?? lines.length))) yield Buffer.from(line);
      for (let index = 0; options.follow && !options.signal.aborted; index += 1) {
        yield Buffer.from(`more ${index}\n`);
        await wait(20);
      }
      stopped.push(pod);
    },
    exec: (_namespace, _pod, _container, command) => runHere(command),
    forward: (_namespace, _pod, port) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1');
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      }),
  };
}

function runHere(command: readonly string[]): Promise<AgentExec> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/bin:/bin' } });
  return new Promise((resolve, reject) => {
    child.once('error', () =>
      reject(new NodeAgentError(500, `exec: "${file}": executable file not found in $PATH`)),
    );
    child.once('spawn', () => {
      const exitCode = new Promise<number>((done) => child.once('close', (code) => done(code ?? 137)));
      const { stdin, stdout, stderr } = child;
      resolve({ stdin, stdout, stderr, exitCode, kill: () => void child.kill() });
    });
  });
}
