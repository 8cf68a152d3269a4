import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program, ProgramHost } from '../../../src/sandbox/program.ts';

export interface ProgramRun {
  readonly address: string;
  readonly folder: string;
  readonly lines: readonly string[];
  readonly exit: Promise<number>;
  /** Waits for a line of the log. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** SIGTERM, and the exit code. */
  readonly stop: () => Promise<number>;
  /** Stops it and removes its folder. */
  readonly clear: () => Promise<void>;
}

/** Runs a program as the emulated kubelet would, on an address of its own. */
export async function runProgram(
  program: Program,
  parts: Partial<Omit<ProgramHost, 'stopping' | 'print'>> = {},
): Promise<ProgramRun> {
  const folder = parts.folder ?? (await mkdtemp(join(tmpdir(), 'lfctl-program-')));
  const address = parts.address ?? `127.${randomInt(1, 254)}.${randomInt(1, 254)}.${randomInt(2, 254)}`;
  const stopping = new AbortController();
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const exit = program({
    env: {},
    args: [],
    imageTag: 'test',
    pod: { namespace: 'test', name: 'pod' },
    mounts: { '/data': folder },
    timeScale: 10,
    resolve: (name) => Promise.resolve(name),
    ...parts,
    address,
    folder,
    print: (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    },
    stopping: stopping.signal,
  });
  const stop = (): Promise<number> => {
    stopping.abort();
    return exit;
  };
  return {
    address,
    folder,
    lines,
    exit,
    stop,
    line: (pattern) => awaitLine(lines, listeners, exit, pattern),
    clear: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function awaitLine(
  lines: readonly string[],
  listeners: Set<() => void>,
  exit: Promise<number>,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = lines.find((line) => pattern.test(line));
      if (found === undefined) return;
      listeners.delete(look);
      resolve(found);
    };
    listeners.add(look);
    look();
    exit.then(
      (code) => reject(new Error(`ended with ${code} before ${String(pattern)}:\n${lines.join('\n')}`)),
      reject,
    );
  });
}
