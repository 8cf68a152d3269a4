/** A process of one's own: streams that are kept, signals that are sent by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Command, CommandResult } from '../../src/cli/command.ts';
import { defineCommand } from '../../src/cli/command.ts';
import type { Host, OutputStream } from '../../src/cli/host.ts';
import { runCli } from '../../src/cli/run.ts';

export interface FakeStream extends OutputStream {
  text: string;
}

/** A stream that keeps what is written, or refuses it with the given error. */
export function fakeStream(look: { isTTY?: boolean; columns?: number; fails?: string } = {}): FakeStream {
  const stream: FakeStream = {
    ...look,
    text: '',
    write: (text, done) => {
      if (look.fails === undefined) stream.text += text;
      done(look.fails === undefined ? null : Object.assign(new Error(look.fails), { code: look.fails }));
    },
    on: () => undefined,
  };
  return stream;
}

export interface FakeHost extends Host {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  readonly send: (signal: 'SIGINT' | 'SIGTERM') => void;
  readonly ended: number[];
}

/** A host with an empty environment, as cron has it. */
export function fakeHost(parts: Partial<Host> & { readonly stdinText?: string } = {}): FakeHost {
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const ended: number[] = [];
  async function* input(): AsyncGenerator<string> {
    yield await Promise.resolve(parts.stdinText ?? '');
  }
  return {
    env: {},
    homeFolder: null,
    stdin: input(),
    now: () => new Date('2026-11-21T02:00:00Z'),
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (code) => ended.push(code),
    ...parts,
    stdout: (parts.stdout as FakeStream | undefined) ?? fakeStream(),
    stderr: (parts.stderr as FakeStream | undefined) ?? fakeStream(),
    send: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    ended,
  };
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line on a host of its own. */
export async function run(
  line: string | readonly string[],
  host: FakeHost = fakeHost(),
  commands?: readonly Command[],
): Promise<Outcome> {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const code = await runCli(argv, host, commands);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

/** A command for tests: all kinds of options, and a run that the test gives. */
export function sample(
  body: (context: Parameters<Command['run']>[0]) => Promise<Partial<CommandResult>> | Partial<CommandResult>,
  parts: Partial<Command> = {},
): Command {
  return {
    ...defineCommand({
      path: ['thing', 'list'],
      summary: 'List things',
      when: 'In tests.',
      examples: [{ line: 'lfctl thing list', text: 'all' }],
      options: {},
      exits: ['ok', 'findings'],
      timeoutMs: 30_000,
      takes: [],
      run: async (context) => ({ kind: 'Thing', data: {}, exit: 'ok', ...(await body(context as never)) }),
    }),
    ...parts,
  };
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-test-'));
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}
