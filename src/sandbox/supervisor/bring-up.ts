import { connect } from 'node:net';
import type { Pod, Service, Workload } from '../../ports/kube-objects.ts';
import { found, kinds, listed } from '../cluster/kinds.ts';
import type { ObjectStore } from '../cluster/objects.ts';
import type { Layout, LayoutStage } from '../layouts/layout.ts';
import type { SandboxSecrets } from '../layouts/secrets.ts';
import type { SandboxRecord } from '../state.ts';
import type { SeedRow } from './seed.ts';
import { connectPostgres, firstRows, writeRows } from './seed.ts';
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

/** Applies what is not applied yet, stage after stage; the first rows are written as soon as they have tables. */
export async function bringUp(options: BringUp): Promise<void> {
  const { layout, record } = options;
  let seeding: Promise<void> | null = null;
  const seeded = (): Promise<void> => (seeding ??= record.seeded ? Promise.resolve() : seed(options));
  for (const [index, stage] of layout.stages.entries()) {
    // Hashing takes a while, in which the stores start. Nobody waits for it yet, and it may fail when everything ends.
    if (stage.after !== 'nothing') seeded().catch(() => undefined);
    if (index < record.stagesApplied) continue;
    await due(options, stage, seeded);
    applyStage(options.store, stage);
    await options.save({ stagesApplied: index + 1 });
    options.milestone(`applied ${stage.name}`);
  }
  await seeded();
}

async function due(options: BringUp, { after }: LayoutStage, seeded: () => Promise<void>): Promise<void> {
  if (after === 'seeded') return seeded();
  const { store, signal } = options;
  return whenever(store, signal, () => isDue(options, after));
}

function isDue(
  { store, layout }: BringUp,
  after: Exclude<LayoutStage['after'], 'seeded'>,
): boolean | Promise<boolean> {
  const { names } = layout;
  switch (after) {
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

async function seed(options: BringUp): Promise<void> {
  const { record, secrets, store, signal } = options;
  const rows = await firstRows(record.seed, secrets);
  await whenever(store, signal, () => wroteRows(options, rows));
  await options.save({ seeded: true });
  options.milestone('seeded');
}

/** False while Postgres, its tables or its address are not there yet. */
async function wroteRows({ store, layout, secrets }: BringUp, rows: readonly SeedRow[]): Promise<boolean> {
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
      return await writeRows(client, rows);
    } finally {
      await client.end();
    }
  } catch {
    // Postgres may go down in between; the next round tries again until `up` gives up.
    return false;
  }
}
