import { Redis } from 'ioredis';
import type { Endpoints, Service } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import { LfctlError } from '../errors/error.ts';
import type { FaultContext, SandboxNames, StoreNames } from './fault.ts';
import { faultKube } from './fault-kube.ts';
import type { KubeClient } from './kube-client.ts';
import type { SandboxSecrets } from './layouts/secrets.ts';
import type { SandboxRecord } from './state.ts';
import { connectPostgres } from './supervisor/seed.ts';
import { until } from './until.ts';

/** What a fault's context is made of. */
export interface FaultContextOptions {
  readonly client: KubeClient;
  readonly names: SandboxNames;
  readonly record: SandboxRecord;
  readonly secrets: SandboxSecrets;
  readonly memory: FaultContext['memory'];
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/** What a fault works with. Stores are reached at their Services' addresses with the layout's own logins. */
export function faultContext(options: FaultContextOptions): FaultContext {
  const { client, names, record, secrets, signal } = options;
  const address = (store: StoreNames): Promise<string> => serviceAddress(client, store);
  return {
    names,
    generation: record.generation,
    kube: faultKube(client, options.now),
    memory: options.memory,
    until: (what, condition, timeoutMs) => until(what, condition, timeoutMs, signal),
    postgres: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
      const { user, database } = names.postgres;
      const host = await address(names.postgres);
      const connection = await connectPostgres({ host, user, database, password: secrets.POSTGRES_PASSWORD });
      try {
        return (await connection.query(sql, [...parameters])).rows as Row[];
      } finally {
        await connection.end();
      }
    },
    clickhouse: async <Row>(sql: string) => {
      const store = present(names.clickhouse, 'ClickHouse');
      const login = { user: store.user, password: secrets.CLICKHOUSE_PASSWORD };
      return (await queryClickHouse(await address(store), login, sql)) as Row[];
    },
    redis: async (command, ...args) => {
      const connection = new Redis({
        host: await address(present(names.redis, 'Redis')),
        password: secrets.REDIS_PASSWORD,
        lazyConnect: true,
        maxRetriesPerRequest: 0,
        retryStrategy: () => null,
      });
      connection.on('error', () => undefined);
      try {
        await connection.connect();
        return await connection.call(command, ...args);
      } finally {
        connection.disconnect();
      }
    },
  };
}

/** What this generation has. @throws LfctlError SANDBOX_FAULT for a part that it does not have */
export function present<Part>(part: Part | null, what: string): Part {
  if (part === null) throw new LfctlError('SANDBOX_FAULT', { message: `this sandbox has no ${what}` });
  return part;
}

type ServicePlace = Pick<StoreNames, 'namespace' | 'service'>;

/** Where a Service with one HTTP port answers. */
export async function serviceUrl(client: KubeClient, place: ServicePlace): Promise<string> {
  const found = await client.get<Service>(resources.services, place.namespace, place.service);
  return `http://${await serviceAddress(client, place)}:${found?.spec.ports?.[0]?.port ?? 80}`;
}

/** The cluster address of a store's Service; that of its first pod where the Service is headless. */
async function serviceAddress(client: KubeClient, { namespace, service }: ServicePlace): Promise<string> {
  const found = await client.get<Service>(resources.services, namespace, service);
  const address =
    found?.spec.clusterIP === 'None' ? await podAddress(client, namespace, service) : found?.spec.clusterIP;
  if (address === undefined)
    throw new LfctlError('SANDBOX_START', { message: `the Service ${namespace}/${service} has no address` });
  return address;
}

async function podAddress(
  client: KubeClient,
  namespace: string,
  service: string,
): Promise<string | undefined> {
  const endpoints = await client.get<Endpoints>(resources.endpoints, namespace, service);
  return endpoints?.subsets?.flatMap(({ addresses }) => addresses ?? [])[0]?.ip;
}

async function queryClickHouse(
  host: string,
  { user, password }: { readonly user: string; readonly password: string },
  sql: string,
): Promise<unknown[]> {
  const answer = await fetch(`http://${host}:8123/?default_format=JSONEachRow`, {
    method: 'POST',
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
    body: sql,
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new LfctlError('SANDBOX_START', {
      message: `ClickHouse answers ${answer.status}: ${text.slice(0, 200)}`,
    });
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line): unknown => JSON.parse(line));
}
