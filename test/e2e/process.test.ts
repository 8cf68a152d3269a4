/** The built lfctl as a process: signals, closed streams, an empty environment, a narrow terminal. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = 'bin/lfctl.js';

let folder = '';
let silent: Server;
let arrived: Promise<unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfctl-e2e-'));
  // Takes connections and never answers: the worst kind of API server.
  const sockets = new Set<Socket>();
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  silent.on('close', () => {
    for (const socket of sockets) socket.destroy();
  });
  await once(silent, 'listening');
  await writeFile(join(folder, 'kubeconfig'), kubeconfig((silent.address() as AddressInfo).port));
});

afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true, force: true });
});

const kubeconfig = (port: number): string => `apiVersion: v1
kind: Config
current-context: silent
contexts: [{ name: silent, context: { cluster: silent, user: me } }]
clusters: [{ name: silent, cluster: { server: "http://127.0.0.1:${String(port)}" } }]
users: [{ name: me, user: { token: abc } }]
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

const shell = async (line: string): Promise<string> => {
  const child = spawn('/bin/sh', ['-c', line], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  await once(child, 'close');
  return text;
};

describe('lfctl as a process', () => {
  it.each([
    [['--version']],
    [['config', 'view', '-o', 'json']],
    [['explain', 'keep-alive']],
    [['__complete', '']],
  ])('works in cron’s empty environment without HOME: %s', async (args) => {
    const { code, stdout, stderr } = await start(args).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toBe('');
  });

  it('does not mind a reader that goes away', async () => {
    expect(await shell(`${process.execPath} ${program} explain | head -1; echo end`)).toMatch(
      /^\S+\t\S+\t[^\n]+\nend\n$/,
    );
    expect(
      await shell(`(${process.execPath} ${program} explain; echo "code $?" >&2) | head -c 1 >/dev/null`),
    ).toBe('code 0\n');
  });

  it('does not mind closed streams', async () => {
    expect(await shell(`${process.execPath} ${program} --version <&-`)).toMatch(/^\d/);
    expect(await shell(`${process.execPath} ${program} version >&-; echo $?`)).not.toMatch(/\n\s+at /);
  });

  it('says when its output has no room', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [program, 'explain'], { env: {}, stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (part: Buffer) => (stderr += part.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(4);
    expect(stderr).toContain('OUTPUT_WRITE');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends by %s with %i while the API server is silent, without a stack', async (signal, code) => {
    arrived = once(silent, 'connection');
    const { child, ended } = start(['env', '--kubeconfig', join(folder, 'kubeconfig')]);
    await arrived;
    child.kill(signal);
    const end = await ended;
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code, stdout: '' });
    expect(end.stderr).toMatch(/^error: /);
    expect(end.stderr).not.toMatch(/\n\s+at /);
  });

  it.each([['env'], ['status'], ['doctor']])(
    '%s ends by --timeout while the API server is silent',
    async (command) => {
      const { code, stderr } = await start([
        command,
        '--timeout',
        '1s',
        '--kubeconfig',
        join(folder, 'kubeconfig'),
      ]).ended;
      expect(code).toBe(4);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );
});

describe('lfctl on a terminal', () => {
  /** Types each answer when its question has come; gives all that was shown. */
  const onTerminal = async (
    args: readonly string[],
    columns: number,
    answers: readonly (readonly [question: string, keys: string])[] = [],
  ): Promise<{ readonly text: string; readonly code: number }> =>
    await new Promise((resolve) => {
      const terminal = spawnPty(process.execPath, [program, ...args], {
        cols: columns,
        rows: 50,
        env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
      });
      const left = [...answers];
      let text = '';
      terminal.onData((part) => {
        text += part;
        const [next] = left;
        if (next === undefined || !text.includes(next[0])) return;
        left.shift();
        terminal.write(next[1]);
      });
      terminal.onExit(({ exitCode }) => {
        resolve({ text, code: exitCode });
      });
    });

  it('asks for what config init is not told, and Ctrl-C at a question changes nothing', async () => {
    const port = String((silent.address() as AddressInfo).port);
    await writeFile(join(folder, 'closed'), kubeconfig(1));
    const args = [
      'config',
      'init',
      '--kubeconfig',
      join(folder, 'closed'),
      '--config',
      join(folder, `${port}.yaml`),
    ];
    const stopped = await onTerminal(args, 80, [['Kubernetes context', '\u0003']]);
    expect(stopped.code).toBe(130);
    expect(existsSync(join(folder, `${port}.yaml`))).toBe(false);
    const { code, text } = await onTerminal(args, 80, [
      ['Kubernetes context', '\r'],
      ['Namespace of Langfuse', '\r'],
      ['Name of this deployment', '\r'],
    ]);
    expect(code).toBe(0);
    expect(text).toContain('connection refused');
    expect(await readFile(join(folder, `${port}.yaml`), 'utf8')).toContain(
      'context: silent\n      namespace: langfuse',
    );
  });

  it.each([40, 80])('fits in %i columns', async (columns) => {
    const { text } = await onTerminal(['--help'], columns);
    for (const line of text.split('\r\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
    expect(text).toContain('doctor');
  });

  it('is coloured there', async () => {
    expect((await onTerminal(['explain', 'keep-alive'], 80)).text).toContain('\u001B[1mkeep-alive');
    expect(await onTerminal(['nothing'], 80)).toMatchObject({
      code: 2,
      text: expect.stringContaining('\u001B[31m'),
    });
  });
});
