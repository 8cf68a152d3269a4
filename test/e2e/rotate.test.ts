/** Rotation as a user has it: LiteLLM as the consumer, load all the time, kills, two at once, the shipped role. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, KubeSecret, Lease } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { RotatedKey } from '../../src/keys/rotate/result.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { ClusterRole, TestCluster } from '../support/cluster.ts';
import { home, kinds, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

const neighbour = 'hyperplane-litellm';
const place = `${neighbour}/litellm-env`;
const quick = ['--yes', '--grace', '1s', '--max-wait', '60s', '-o', 'json'];

let practice: Practice;
let cluster: TestCluster;

beforeAll(async () => {
  practice = await startPractice('rotate');
  cluster = await openCluster(practice);
});

afterAll(async () => {
  await practice.stop();
});

interface Rotated {
  readonly code: number | null;
  readonly keys: readonly RotatedKey[];
  readonly outcome: string;
  readonly stdout: string;
  readonly stderr: string;
}

async function rotate(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Rotated> {
  const { code, stdout, stderr } = await practice.lfctl(['key', 'rotate', ...args], env);
  expect(`${stdout}${stderr}`).not.toMatch(/sk-lf-[0-9a-f]{8}/);
  if (stdout === '') return { code, stdout, stderr, keys: [], outcome: '' };
  const document = JSON.parse(stdout) as { readonly data: { keys?: RotatedKey[]; outcome?: string } };
  expect(await problemsOf(document)).toBeNull();
  return { code, stdout, stderr, keys: document.data.keys ?? [], outcome: document.data.outcome ?? '' };
}

async function current(): Promise<string> {
  const secret = await cluster.get<KubeSecret>(resources.secrets, neighbour, 'litellm-env');
  return Buffer.from(secret?.data?.['LANGFUSE_PUBLIC_KEY'] ?? '', 'base64').toString();
}

/** Public keys that Langfuse knows. */
async function known(): Promise<readonly string[]> {
  const { stdout } = await practice.lfctl(['key', 'list', '-o', 'json']);
  const { data } = JSON.parse(stdout) as { data: { keys: { publicKey: string }[] } };
  return data.keys.map(({ publicKey }) => publicKey);
}

it('gives LiteLLM a new pair while requests come in, and none of them fails', async () => {
  const old = await current();
  const sending = ['--name', practice.name, '--secret', place, '--rps', '40', '--for', '6s'];
  const load = practice.lfctl(['sandbox', 'load', ...sending, '-o', 'json']);
  const { code, keys } = await rotate(['-p', 'production', ...quick]);
  expect(code).toBe(0);
  expect(keys).toMatchObject([
    { publicKey: old, stage: 'revoked', restarted: [`Deployment ${neighbour}/litellm`], secrets: [place] },
  ]);
  expect(keys[0]?.evidence).toMatchObject({ isNewUsed: true });
  expect(await known()).toEqual([keys[0]?.newPublicKey]);
  const { data } = JSON.parse((await load).stdout) as {
    data: { sent: number; refused: number; unanswered: number; pairs?: number };
  };
  expect(data).toMatchObject({ refused: 0, unanswered: 0 });
  expect(data.sent).toBe(240);
});

it('is taken back after the revocation', async () => {
  const [made] = await known();
  const undone = await rotate(['--undo', made ?? '', '--yes', '-o', 'json']);
  expect([undone.code, undone.outcome]).toEqual([0, 'undone']);
  expect(await known()).toEqual([undone.keys[0]?.publicKey]);
  expect(await current()).toBe(undone.keys[0]?.publicKey);
});

it('killed when the Secret was written, the same line goes on', async () => {
  const old = await current();
  await killedAfter(old, 'write-secret');
  const { code, keys } = await rotate([old, ...quick]);
  expect(code).toBe(0);
  expect(keys[0]).toMatchObject({ publicKey: old, stage: 'revoked' });
  expect(await known()).toEqual([await current()]);
});

/** Ends the process with SIGKILL once the journal says that the step is done. */
async function killedAfter(publicKey: string, step: string): Promise<void> {
  const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
  const before = await journals();
  const child = spawn(process.execPath, [program, 'key', 'rotate', publicKey, ...quick], {
    env: practice.env,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await untilJournal(before, `"event":"done","step":"${step}:`);
  child.kill('SIGKILL');
  await ended;
  await agedLeases();
}

/** As if the run had been killed hours ago: a lease of now is watched for 15 s before it is taken over. */
async function agedLeases(): Promise<void> {
  for (const { metadata } of await cluster.list<Lease>(resources.leases, home))
    if (metadata.name.startsWith('lfctl-'))
      await cluster.patch(resources.leases, home, metadata.name, {
        spec: { renewTime: '2026-01-01T00:00:00.000000Z' },
      });
}

/** Until a run of the journal has this line, and had not before. */
async function untilJournal(before: Awaited<ReturnType<typeof journals>>, text: string): Promise<void> {
  const seen = new Map(before.map(({ name, lines }) => [name, lines.length]));
  for (let tries = 0; tries < 1200; tries += 1) {
    const now = await journals();
    if (now.some(({ name, lines }) => lines.slice(seen.get(name) ?? 0).includes(text))) return;
    await pause(25);
  }
  throw new Error(`the journal never said ${text}`);
}

async function journals(): Promise<{ readonly name: string; readonly lines: string }[]> {
  const secrets = await cluster.list<KubeSecret>(resources.secrets, home);
  return secrets
    .filter(({ metadata }) => metadata.name.startsWith('lfctl-journal-'))
    .map(({ metadata, data }) => ({
      name: metadata.name,
      lines: Buffer.from(data?.['journal.jsonl'] ?? '', 'base64').toString(),
    }));
}

describe('with exactly templates/rbac-rotate.yaml', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    await cluster.apply('templates/rbac-rotate.yaml');
    await allowTunnels();
    const token = await cluster.tokenOf(home, 'lfctl-rotate');
    const file = await cluster.kubeconfig('rotate', (config) => {
      config.users[0].user = { token };
    });
    env = { KUBECONFIG: file };
  });

  it('a key is rotated as the CronJob does it, of two at once by one', async () => {
    const line = [await current(), '--consumers-in', neighbour, '-n', home, ...quick];
    const both = await Promise.all([1, 2].map(async () => await rotate(line, env)));
    const done = both.filter(({ code }) => code === 0);
    expect(done).toHaveLength(1);
    expect(done[0]?.keys).toMatchObject([{ stage: 'revoked' }]);
    expect(done[0]?.stdout).toContain('namespaces other than');
    // LOCKED while the first is at it, a plan that is stale when it has just ended, no such key any more after that.
    expect([7, 5, 2]).toContain(both.find(({ code }) => code !== 0)?.code);
    expect(await known()).toEqual([await current()]);
  });

  it('without the right to write Secrets nothing is made', async () => {
    const role = await cluster.get<ClusterRole>(kinds.clusterRoles, null, 'lfctl-rotate');
    const rules = (role?.rules ?? []).map((rule) =>
      rule.resources.includes('secrets') ? { ...rule, verbs: ['get', 'list'] } : rule,
    );
    await cluster.patch(kinds.clusterRoles, null, 'lfctl-rotate', { rules });
    const before = await known();
    const { code, stderr } = await rotate([await current(), '--consumers-in', neighbour, ...quick], env);
    expect([code, stderr]).toEqual([5, expect.stringContaining(`may not patch secrets in ${neighbour}`)]);
    expect(await known()).toEqual(before);
  });
});

/** A CronJob runs in the cluster; from here the stores and pods are reached through tunnels. */
async function allowTunnels(): Promise<void> {
  const name = 'rotate-tunnels';
  const subjects = [{ kind: 'ServiceAccount', name: 'lfctl-rotate', namespace: home }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const rules = [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['get', 'create'] }];
  await cluster.create(kinds.clusterRoles, { metadata: { name }, rules } as ClusterRole);
  await cluster.create(kinds.roleBindings, {
    metadata: { name, namespace: home },
    roleRef,
    subjects,
  } as KubeObject);
}
