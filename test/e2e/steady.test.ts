/** A deployment that works is healthy each time: under load, during a rolling restart, while it grows. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workload } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';
import { diagnose } from '../support/reports.ts';

let practice: Practice;
let cluster: TestCluster;
let load: ChildProcess;

beforeAll(async () => {
  practice = await startPractice('steady');
  cluster = await openCluster(practice);
  const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
  const args = ['sandbox', 'load', '--name', practice.name, '--rps', '20', '--for', '10m'];
  load = spawn(process.execPath, [program, ...args], { env: practice.env, stdio: 'ignore' });
});

afterAll(async () => {
  const ended = once(load, 'exit');
  load.kill('SIGTERM');
  const [code] = (await ended) as [number];
  await practice.stop();
  // It ran until it was told to stop.
  expect(code).toBe(143);
});

/** Findings of a run; it must have none of any severity. */
async function expectSteady(): Promise<void> {
  const { code, report } = await diagnose(practice);
  const failing = report.checks.filter(({ status }) => status === 'fail');
  expect(failing.map(({ id, detail }) => `${id}: ${detail ?? ''}`)).toEqual([]);
  expect([0, 4]).toContain(code);
}

/** The new template or number is seen, and everything of it is ready. */
async function isSettled(name: string): Promise<boolean> {
  const workload = await cluster.get<Workload>(resources.deployments, home, name);
  const { replicas = 1 } = workload?.spec ?? {};
  const status = workload?.status as Record<string, number> | undefined;
  return (
    (status?.['observedGeneration'] ?? 0) >= (workload?.metadata.generation ?? 0) &&
    status?.['updatedReplicas'] === replicas &&
    status['readyReplicas'] === replicas &&
    status['replicas'] === replicas
  );
}

/** Looks while it goes on, and once when it is over. */
async function steadyUntilSettled(...names: readonly string[]): Promise<void> {
  do await expectSteady();
  while (!(await Promise.all(names.map(isSettled))).every(Boolean));
}

describe('under load', () => {
  it('ten runs find nothing', async () => {
    for (let run = 0; run < 10; run += 1) await expectSteady();
    expect((await diagnose(practice)).code).toBe(0);
  });

  it('a rolling restart of web and worker is no finding', async () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    for (const name of ['langfuse', 'langfuse-worker'])
      await cluster.patch(resources.deployments, home, name, {
        spec: { template: { metadata: { annotations } } },
      });
    await steadyUntilSettled('langfuse', 'langfuse-worker');
    await expectSteady();
  });

  it('growing to three and back is no finding', async () => {
    for (const replicas of [3, 1]) {
      for (const name of ['langfuse', 'langfuse-worker'])
        await cluster.patch(resources.deployments, home, name, { spec: { replicas } });
      await steadyUntilSettled('langfuse', 'langfuse-worker');
      await expectSteady();
    }
  });
});
