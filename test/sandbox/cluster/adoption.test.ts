import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kubelet, startKubelet } from '../../../src/sandbox/cluster/kubelet/kubelet.ts';
import { type Network, startNetwork } from '../../../src/sandbox/cluster/network/network.ts';
import { createStore, type SnapshotStore, type StoreSnapshot } from '../../../src/sandbox/cluster/store.ts';
import { identify } from '../../../src/sandbox/process-identity.ts';
import { isPodReady, mainStatus, podNamed, timeScale, until } from './bed.ts';
import { type Built, buildProgram } from './build-program.ts';

interface Left {
  readonly folder: string;
  readonly snapshot: StoreSnapshot;
  readonly processes: readonly { readonly pod: string; readonly pid: number }[];
}

let program: Built;
let scratch: string;

beforeAll(async () => {
  program = await buildProgram({ owner: 'test/sandbox/cluster/owner-main.ts' });
  scratch = await mkdtemp(join(tmpdir(), 'lfctl-adoption-'));
});

afterAll(async () => {
  await program.remove();
  await rm(scratch, { recursive: true, force: true });
});

/** Starts a supervisor, kills it with SIGKILL once its pods run, and gives what it left. */
async function killedSupervisor(): Promise<Left> {
  const file = join(await mkdtemp(join(scratch, 'left-')), 'left.json');
  const owner = spawn(process.execPath, [join(program.folder, 'owner.mjs'), program.entry, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => owner.once('exit', resolve));
  const text = await until('the supervisor', async () => {
    const content = await readFile(file, 'utf8').catch(() => '');
    return content.endsWith('}') ? content : null;
  });
  owner.kill('SIGKILL');
  await ended;
  return JSON.parse(text) as Left;
}

const now = (): Date => new Date();

/** What comes after the killed one: its kubelet finds the folder as that one left it. */
async function nextSupervisor(
  store: SnapshotStore,
  stateFolder: string,
): Promise<{ readonly kubelet: Kubelet; readonly network: Network }> {
  const network = await startNetwork({ store, stateFolder, seed: 'owner' });
  const programEntry = program.entry;
  const nodePath = process.execPath;
  const kubelet = await startKubelet({ store, network, stateFolder, programEntry, nodePath, timeScale, now });
  return { kubelet, network };
}

describe('after kill -9 of the supervisor', () => {
  it('adopts what runs, restarts what ended, and leaves nothing at the end', async () => {
    const { folder, snapshot, processes } = await killedSupervisor();
    const survivor = processes.find(({ pod }) => pod === 'survivor')?.pid ?? 0;
    const mortal = processes.find(({ pod }) => pod === 'mortal')?.pid ?? 0;
    expect(identify(survivor)).not.toBeNull();
    process.kill(mortal, 'SIGKILL');
    await until('its end', () => identify(mortal) === null);

    const store = createStore(snapshot, now);
    const address = podNamed(store, 'survivor')?.status?.podIP;
    const { kubelet, network } = await nextSupervisor(store, folder);

    await until(
      'a new run',
      () => isPodReady(store, 'mortal') && mainStatus(store, 'mortal')?.restartCount === 1,
    );
    expect(mainStatus(store, 'mortal')?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'Error',
    });
    expect(mainStatus(store, 'survivor')?.restartCount).toBe(0);
    expect(podNamed(store, 'survivor')?.status?.podIP).toBe(address);
    expect(kubelet.processes().find(({ pod }) => pod === 'survivor')?.pid).toBe(survivor);

    process.kill(survivor, 'SIGKILL');
    await until('the adopted run is seen to end', () => mainStatus(store, 'survivor')?.restartCount === 1);
    const last = await until('new processes', () => {
      const all = kubelet.processes();
      return all.length === 2 && all.every(({ pid }) => identify(pid) !== null) ? all : null;
    });
    await kubelet.stop({ killPods: true });
    await network.stop();
    for (const { pid } of last) expect(identify(pid)).toBeNull();
    await rm(folder, { recursive: true, force: true });
  });

  it('ends processes of pods that the snapshot does not know', async () => {
    const { folder, processes } = await killedSupervisor();
    const store = createStore(undefined, now);
    const { kubelet, network } = await nextSupervisor(store, folder);
    await until('they are gone', () => processes.every(({ pid }) => identify(pid) === null));
    await kubelet.stop({ killPods: true });
    await network.stop();
    await rm(folder, { recursive: true, force: true });
  });
});
