import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Generation } from '../../src/deployment/model.ts';
import type { LayoutName, LayoutOwner, WriteMode } from '../../src/sandbox/fault.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A practice deployment of its own, driven by the built lfctl as a user would. */
export interface Practice {
  readonly name: string;
  /** Env of every call: nothing of the caller's clusters, the sandbox's kubeconfig. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly lfctl: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ended>;
  /** Any program with that env, for example kubectl. */
  readonly run: (program: string, args: readonly string[], input?: string) => Promise<Ended>;
  readonly stop: () => Promise<void>;
}

/** What runs in the sandbox; what is left out is the command's default. */
export interface PracticeOptions {
  readonly generation?: Generation;
  readonly layout?: LayoutName;
  readonly writeMode?: WriteMode;
  readonly owner?: LayoutOwner;
}

const upFlags = ({ generation, layout, writeMode, owner }: PracticeOptions): string[] =>
  Object.entries({
    '--langfuse': generation,
    '--layout': layout,
    '--write-mode': writeMode,
    '--owned-by': owner,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));

/** Starts a sandbox under a name of its own and waits until it is ready. */
export async function startPractice(name: string, options: PracticeOptions = {}): Promise<Practice> {
  const folder = await mkdtemp(join(tmpdir(), `lfctl-${name}-`));
  const kubeconfig = join(folder, 'lfctl', 'sandbox', name, 'kubeconfig');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? folder,
    // kubectl keeps what it discovered in the home folder otherwise.
    KUBECACHEDIR: join(folder, 'kube-cache'),
    XDG_STATE_HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    KUBECONFIG: kubeconfig,
  };
  const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
  const lfctl: Practice['lfctl'] = (args, more = {}) =>
    call(process.execPath, [program, ...args], { ...env, ...more });
  const up = await lfctl(['sandbox', 'up', '--name', name, ...upFlags(options)]);
  const stop = async (): Promise<void> => {
    await lfctl(['sandbox', 'down', '--name', name]);
    await rm(folder, { recursive: true, force: true });
  };
  if (up.code !== 0) {
    await stop();
    throw new Error(`sandbox up ended with ${String(up.code)}: ${up.stderr}`);
  }
  return {
    name,
    env,
    folder,
    lfctl,
    run: (file, args, input) => call(file, args, env, input),
    stop,
  };
}

/** Runs a program to its end. */
export function call(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(file, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => {
      done({ code, stdout, stderr });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
