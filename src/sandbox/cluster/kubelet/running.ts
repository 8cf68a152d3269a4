import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, mkdirSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity, signalProcess } from '../../process-identity.ts';
import { endGroup } from './process-group.ts';

/** How a container's process ended. */
export interface Exit {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

/** A container that runs. */
export interface Running {
  readonly identity: ProcessIdentity | null;
  readonly exited: Promise<Exit>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** Everything that one start of a container needs. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logFile: string;
}

/** exit code of a process that a signal ended: 128 + its number. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGKILL: 9,
  SIGTERM: 15,
  SIGABRT: 6,
  SIGSEGV: 11,
  SIGINT: 2,
};

/**
 * Starts a container's process in a group of its own, with its output in a file: it lives on when this process is
 * killed. @throws when it cannot be started
 */
export async function startProcess(start: Start): Promise<Running> {
  mkdirSync(start.folder, { recursive: true });
  const log = openSync(start.logFile, 'a');
  try {
    const child = spawn(start.command, start.args, {
      cwd: start.folder,
      env: start.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    let identity: ProcessIdentity | null = null;
    const exited = new Promise<Exit>((resolve) => {
      child.on('exit', (code, signal) => {
        if (identity !== null) endGroup(identity);
        resolve({ code: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0), signal });
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject);
    });
    child.unref();
    identity = identify(child.pid ?? 0);
    return running(identity, exited);
  } finally {
    closeSync(log);
  }
}

function running(identity: ProcessIdentity | null, exited: Promise<Exit>): Running {
  return {
    identity,
    exited,
    signal: (signal) => {
      if (identity === null) return;
      if (signal === 'SIGKILL') endGroup(identity);
      else signalProcess(identity, signal);
    },
  };
}

const pollMs = 200;

/** Takes over a process that a former kubelet started: its end is seen by looking, its exit code in a file. */
export function adoptProcess(identity: ProcessIdentity, exitFile: string): Running {
  const exited = new Promise<Exit>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(identity)) return;
      clearInterval(timer);
      endGroup(identity);
      resolve(exitFrom(exitFile));
    }, pollMs).unref();
  });
  return running(identity, exited);
}

/** The code a container left behind; without one it was killed. */
export function exitFrom(exitFile: string): Exit {
  try {
    return { code: Number(readFileSync(exitFile, 'utf8')), signal: null };
  } catch {
    return { code: 137, signal: 'SIGKILL' };
  }
}
