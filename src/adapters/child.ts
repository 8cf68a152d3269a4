import { spawn } from 'node:child_process';
import type { ChildEnd, StartChild } from '../ports/child.ts';

const stderr = 2;

/** Its output is handed on as it is, by the descriptor itself: it sees a terminal where there is one. */
export const startChild: StartChild = ({ program, args, env }) => {
  const child = spawn(program, [...args], { env, stdio: ['inherit', stderr, stderr] });
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ state: 'failed', why: error.code ?? error.message }),
    );
    child.once('exit', (code, signal) =>
      resolve(code === null ? { state: 'killed', signal: signal ?? 'a signal' } : { state: 'exited', code }),
    );
  });
  return { ended, pass: (signal) => void child.kill(signal) };
};
