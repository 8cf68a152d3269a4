import { connect } from 'node:net';
import type { Pod, Service, Workload } from '../../ports/kube-objects.ts';
import { found, kinds, listed } from '../cluster/kinds.ts';
import type { ObjectStore } from '../cluster/objects.ts';
import type { Layout, LayoutStage } from '../layouts/layout.ts';
import type { SandboxSecrets } from '../layouts/secrets.ts';
import type { SandboxRecord } from '../state.ts';
import { connectPostgres, seedRows } from './seed.ts';
import { applyStage, isReady, whenever } from './stages.ts';

/** What bringing a layout up needs. */
export interface BringUp {
  readonly store: ObjectStore;
  readonly layout: Layout;
  readonly secrets: SandboxSecrets;
  readonly record: SandboxRecord;
  readonly save: (change: Partial<SandboxRecord>) => Promise<void>;
  readonly milestone: (name: string) => void;
  readonly signal: AbortSignal;
}

/** Applies what is not applied yet, stage after stage, then writes the first rows. */
export async function bringUp(options: BringUp): Promise<void> {
  const { layout, record, store, signal } = options;
  for (const [index, stage] of layout.stages.entries()) {
    if (index < record.stagesApplied) continue;
    await whenever(store, signal, () => isDue(options, stage));
    applyStage(store, stage);
    await options.save({ stagesApplied: index + 1 });
    options.milestone(`applied ${stage.name}`);
  }
  if (record.seeded) return;
  await whenever(store, signal, () => seed(options));
  await options.save({ seeded: true });
  options.milestone('seeded');
}

function isDue({ store, layout }: BringUp, stage: LayoutStage): boolean | Promise<boolean> {
  const { names } = layout;
  switch (stage.after) {
    case 'nothing':
      return true;
    case 'stores-ready':
      return [names.postgres, names.clickhouse].every((part) => {
        if (part === null) return true;
        const { namespace, workload, kind } = part;
        const resource = { group: 'apps', version: 'v1', plural: kind };
        const stored = found<Workload>(store, resource, namespace, workload);
        return stored === null || isReady(stored);
      });
    case 'migrated':
      return webListens(store, names.namespace, names.web);
  }
}

/** Web listens only after its entrypoint has migrated both databases. */
async function webListens(store: ObjectStore, namespace: string, web: string): Promise<boolean> {
  const pods = listed<Pod>(store, kinds.pods, namespace);
  const ofWeb = new RegExp(`^${web}-[a-z0-9]{6,10}-[a-z0-9]{5}$`);
  const pod = pods.find(({ metadata }) => ofWeb.test(metadata.name));
  const address = pod?.status?.podIP;
  return address !== undefined && (await listens(address, 3000));
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}

async function seed({ store, layout, secrets, record }: BringUp): Promise<boolean> {
  const { namespace, service, user, database } = layout.names.postgres;
  const stored = found<Service>(store, kinds.services, namespace, service);
  const address = stored?.spec.clusterIP;
  if (address === undefined) return false;
  try {
    const client = await connectPostgres({
      host: address,
      user,
      database,
      password: secrets.POSTGRES_PASSWORD,
    });
    try {
      await seedRows(client, record.seed, secrets);
    } finally {
      await client.end();
    }
    return true;
  } catch {
    // Postgres may go down in between; the next round tries again until `up` gives up.
    return false;
  }
}
