import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ApiServer } from '../../../src/sandbox/cluster/api/server.ts';

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder that is removed after the tests of the file. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-api-'));
  folders.push(folder);
  return folder;
}

/** A kubeconfig with the server's own certificate, in a folder of its own. */
export async function writeKubeconfig(api: ApiServer, token: string): Promise<string> {
  const file = join(await scratchFolder(), 'config');
  const ca = Buffer.from(api.certificate).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: api.secureUrl, 'certificate-authority-data': ca } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'lf' } }],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a program to its end; `input` goes to its stdin. */
export function run(file: string, args: readonly string[], kubeconfig: string, input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const home = join(kubeconfig, '..');
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
    const child = execFile(file, [...args], { env, timeout: 30_000 }, (failure, out, error) => {
      const code = failure === null ? 0 : Number(failure.code ?? 1);
      resolve({ code, out, error });
    });
    // A program that reads no input closes the pipe before it is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Is a program on PATH? Where it is not, the report names what is skipped: the usual reporter does not. */
export async function isOnPath(program: string): Promise<boolean> {
  const { code } = await run('sh', ['-c', `command -v ${program}`], '/nonexistent/config');
  if (code !== 0) process.stdout.write(`tests of ${program} (skipped: no ${program} on PATH)\n`);
  return code === 0;
}
