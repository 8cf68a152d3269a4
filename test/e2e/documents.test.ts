/** The JSON of every command that looks at a deployment, in every branch, held to its schema. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../cli/schemas.ts';

let folder = '';
let env: Record<string, string> = {};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lfctl(line: string, more: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['bin/lfctl.js', ...line.split(' ')], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** Runs with -o json, holds the document to its schema and gives it. */
async function document(line: string, code: number, more: Record<string, string> = {}): Promise<unknown> {
  const ended = await lfctl(`${line} -o json`, more);
  expect(ended, line).toMatchObject({ code, stderr: expect.not.stringMatching(/\n\s+at /) });
  const parsed: unknown = JSON.parse(ended.stdout === '' ? ended.stderr : ended.stdout);
  expect(await problemsOf(parsed), line).toBeNull();
  return parsed;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfctl-e2e-'));
  env = { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_STATE_HOME: join(folder, 'state') };
  await document('sandbox up', 0);
  const { stdout } = await lfctl('sandbox env -o json');
  env = { ...env, ...(JSON.parse(stdout) as { data: { variables: Record<string, string> } }).data.variables };
});

afterAll(async () => {
  await document('sandbox down', 0);
  await rm(folder, { recursive: true, force: true });
});

describe('documents about a deployment', () => {
  it('keep to their schema while it is healthy', async () => {
    for (const line of [
      'doctor',
      'status',
      'env',
      'sandbox status',
      'sandbox env',
      'sandbox load --for 1s',
      'sandbox up',
    ])
      await document(line, 0);
    expect(await document('doctor --only redis', 0)).toMatchObject({
      kind: 'DoctorReport',
      deployment: { namespace: 'hyperplane-langfuse', release: 'langfuse', langfuse: { mode: 'clickhouse' } },
      data: { verdict: 'healthy' },
    });
  });

  it('keep to their schema while it is broken, and after', async () => {
    await document('sandbox break redis-down', 0);
    expect(await document('doctor', 1)).toMatchObject({ data: { causes: [{ id: 'redis/reachable' }] } });
    await document('status', 1);
    await document('env', 0);
    await document('sandbox status', 1);
    const junit = await lfctl('doctor -o junit');
    expect(junit.code).toBe(1);
    expect(XMLValidator.validate(junit.stdout)).toBe(true);
    expect(await lfctl('doctor -o markdown')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Root cause'),
    });
    expect(await lfctl('doctor --quiet')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Root cause'),
    });
    await document('sandbox mend --all', 0);
    expect(await lfctl('doctor --wait 30s --quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('keep to their schema where nothing is found, or nothing answers', async () => {
    await document('status -n no-such-namespace', 2);
    await document('env --release other', 2);
    await document('doctor --only nonsense', 2);
    await document('sandbox break no-such-fault', 2);
    await document('status', 3, { KUBECONFIG: '/nothing/here' });
    const url = { LFCTL_URL: 'http://127.0.0.1:1', LFCTL_REDIS_URL: 'redis://127.0.0.1:1', KUBECONFIG: '' };
    const parsed = (await document('doctor', 1, url)) as {
      data: { checks: { id: string; status: string }[] };
    };
    expect(parsed.data.checks.find(({ id }) => id === 'redis/reachable')?.status).toBe('fail');
  });

  it('are lines of TSV when a list is piped', async () => {
    const { stdout } = await lfctl('env --component web');
    for (const line of stdout.trimEnd().split('\n')) expect(line.split('\t').length).toBeGreaterThan(3);
  });
});
