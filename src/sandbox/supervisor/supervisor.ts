import { realpath } from 'node:fs/promises';
import { startApiServer } from '../cluster/api/server.ts';
import { startControllers } from '../cluster/controllers/controllers.ts';
import type { Kubelet } from '../cluster/kubelet/kubelet.ts';
import { startKubelet } from '../cluster/kubelet/kubelet.ts';
import { startNetwork } from '../cluster/network/network.ts';
import type { Network } from '../cluster/network/network.ts';
import { createStore } from '../cluster/store.ts';
import type { SnapshotStore, StoreSnapshot } from '../cluster/store.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Workload } from '../../ports/kube-objects.ts';
import type { Layout } from '../layouts/layout.ts';
import { buildLayout } from '../layouts/index.ts';
import { seededSecrets } from '../layouts/secrets.ts';
import type { SandboxFolder, SandboxRecord } from '../state.ts';
import { readStateJson, writeState, writeStateJson } from '../state-file.ts';
import { bringUp } from './bring-up.ts';
import { ensureClusterObjects } from './cluster-objects.ts';
import { serveControl } from './control.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { startFront } from './load-balancer.ts';
import { keepSnapshots } from './snapshots.ts';
import { isReady } from './stages.ts';
import type { StatusFile } from './status-file.ts';

/** What one sandbox's supervisor works with. */
export interface SupervisorOptions {
  readonly folder: SandboxFolder;
  readonly status: StatusFile;
  /** Path of dist/sandbox-program.js. */
  readonly programEntry: string;
  readonly nodePath: string;
  readonly path: string;
  readonly templatesFolder: string;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  /** Aborted by a stop request or a signal. */
  readonly stopping: AbortSignal;
  readonly requestStop: () => void;
}

/** Runs a sandbox until it is told to stop; then no process of it is left. */
export async function supervise(options: SupervisorOptions): Promise<void> {
  const { folder, status, now } = options;
  const record = await readStateJson<SandboxRecord>(folder.record);
  if (record === null)
    throw new LfctlError('SANDBOX_DISK', { message: `${folder.record} is missing or damaged` });
  const closing: (() => unknown)[] = [];
  try {
    const layout = await layoutOf(record, options);
    const snapshot = await readStateJson<StoreSnapshot>(folder.cluster);
    const store = createStore(snapshot ?? undefined, now);
    const snapshots = keepSnapshots(store, folder.cluster, (cause) =>
      options.log(`cannot save the cluster's state: ${String(cause)}`),
    );
    closing.push(() => snapshots.close());
    closing.push(await serveControl(folder.controlSocket, options.requestStop));
    const { kubelet, network } = await startNode(options, record, store, closing);
    await openApi(options, record, store, kubelet, layout, closing);
    watchProblems(store, network, status);
    watchStarts(store, status);
    await settle(options, record, store, network, layout, closing);
  } finally {
    status.set({ phase: 'stopping' });
    for (const close of closing.toReversed())
      await Promise.resolve(close()).catch((cause: unknown) =>
        options.log(`while stopping: ${String(cause)}`),
      );
  }
}

function layoutOf(record: SandboxRecord, { templatesFolder, now }: SupervisorOptions): Promise<Layout> {
  const { generation, version, writeMode, owner, seed } = record;
  const secrets = seededSecrets(seed);
  const input = { generation, version, writeMode, owner, secrets, templatesFolder, now: now() };
  return buildLayout(record.layout, input);
}

async function startNode(
  options: SupervisorOptions,
  record: SandboxRecord,
  store: SnapshotStore,
  closing: (() => unknown)[],
): Promise<{ kubelet: Kubelet; network: Network }> {
  const { folder, now } = options;
  // Through the link: the way by the state folder may be closed to Postgres' user.
  const stateFolder = await realpath(folder.node);
  const network = await startNetwork({ store, stateFolder, seed: folder.root });
  closing.push(() => network.stop());
  const controllers = startControllers({ store, now, timeScale: record.timeScale, log: options.log });
  const kubelet = await startKubelet({
    store,
    network,
    stateFolder,
    programEntry: options.programEntry,
    nodePath: options.nodePath,
    timeScale: record.timeScale,
    now,
    partFolders: record.partFolders,
    path: options.path,
  });
  closing.push(() => kubelet.stop({ killPods: true }));
  closing.push(() => controllers.stop());
  options.status.milestone('node');
  return { kubelet, network };
}

async function openApi(
  options: SupervisorOptions,
  record: SandboxRecord,
  store: SnapshotStore,
  kubelet: Kubelet,
  layout: Layout,
  closing: (() => unknown)[],
): Promise<void> {
  const { folder, status, now } = options;
  const users = [{ name: 'admin', token: record.adminToken, groups: ['system:masters'] }];
  const common = { store, agent: kubelet, address: '127.0.0.1', users, now };
  const api = await startApiServer({ ...common, port: await lastPort(options, record) }).catch(
    (cause: unknown) => {
      if (record.apiPort !== 0) throw cause;
      return startApiServer({ ...common, port: 0 });
    },
  );
  closing.push(() => api.close());
  const { secureUrl: server, certificate } = api;
  const { namespace } = layout.names;
  await writeState(
    folder.kubeconfig,
    kubeconfigText(folder.name, { server, certificate, namespace, token: record.adminToken }),
  );
  status.set({ apiUrl: api.url });
  status.milestone('api');
}

/** The port of the last start, so that kubeconfigs in use go on working. */
async function lastPort(options: SupervisorOptions, record: SandboxRecord): Promise<number> {
  if (record.apiPort !== 0) return record.apiPort;
  const port = await readStateJson<number>(`${options.folder.kubeconfig}.port`);
  return port ?? 0;
}

async function settle(
  options: SupervisorOptions,
  record: SandboxRecord,
  store: SnapshotStore,
  network: Network,
  layout: Layout,
  closing: (() => unknown)[],
): Promise<void> {
  const { folder, status, stopping } = options;
  await openFront(options, store, network, layout, closing);
  const apiPort = Number(new URL(status.current().apiUrl ?? 'http://x:0').port);
  await writeStateJson(`${folder.kubeconfig}.port`, apiPort);
  ensureClusterObjects(store, apiPort);
  let kept = record;
  let saving: Promise<void> = Promise.resolve();
  await bringUp({
    store,
    layout,
    record,
    secrets: seededSecrets(record.seed),
    save: (change) => {
      kept = { ...kept, ...change };
      saving = saving.then(() => writeStateJson(folder.record, kept));
      return saving;
    },
    milestone: status.milestone,
    signal: stopping,
  }).catch((cause: unknown) => {
    if (!stopping.aborted) throw cause;
  });
  if (stopping.aborted) return;
  status.set({ phase: 'running' });
  await new Promise<void>((resolve) => {
    if (stopping.aborted) resolve();
    stopping.addEventListener('abort', () => resolve());
  });
}

/** Without a load balancer the rest still works: `status` names it as down. */
async function openFront(
  { status, log }: SupervisorOptions,
  store: SnapshotStore,
  network: Network,
  layout: Layout,
  closing: (() => unknown)[],
): Promise<void> {
  try {
    const front = await startFront(store, network, layout);
    closing.push(() => front.close());
    status.set({ loadBalancerUrl: front.url });
  } catch (cause) {
    log(`the load balancer is not served: ${String(cause)}`);
  }
}

/** Ports that could not be served are told by `status`. */
function watchProblems(store: SnapshotStore, network: Network, status: StatusFile): void {
  const look = (): void => {
    const problems = network.problems();
    if (problems.join() !== status.current().problems.join()) status.set({ problems });
  };
  store.watch(() => void setImmediate(look));
}

/** When each workload became ready for the first time: `sandbox up --verbose` shows it. */
function watchStarts(store: SnapshotStore, status: StatusFile): void {
  const seen = new Set<string>();
  store.watch(({ resource, object }) => {
    if (resource.plural !== 'deployments' && resource.plural !== 'statefulsets') return;
    const name = `ready ${object.metadata.name}`;
    if (seen.has(name) || !isReady(object as unknown as Workload)) return;
    seen.add(name);
    status.milestone(name);
  });
}
