import type { ClickHouseTarget } from '../ports/clickhouse.ts';
import type { PostgresTarget } from '../ports/postgres.ts';
import type { RedisTarget } from '../ports/redis.ts';
import { withoutLogin } from './redact.ts';
import type { BucketStore, Component, Deployment, LiteLlm, Store } from './model.ts';
import type {
  ComponentView,
  DeploymentView,
  LiteLlmView,
  ObjectsView,
  RedisView,
  StoreView,
} from './view.ts';

/** The deployment without its secrets. `context` is the kubeconfig context it was found through. */
export function toView(deployment: Deployment, context: string | null): DeploymentView {
  const { stores } = deployment;
  return {
    name: deployment.name,
    context,
    namespace: deployment.namespace,
    release: deployment.release,
    generation: deployment.generation,
    imageVersion: deployment.imageVersion,
    mode: deployment.mode,
    writeMode: deployment.writeMode,
    components: deployment.components.map(componentView),
    stores: {
      postgres: postgresView(stores.postgres),
      postgresDirect: stores.postgresDirect === null ? null : postgresView(stores.postgresDirect),
      clickhouse: clickHouseView(stores.clickhouse),
      redis: redisView(stores.redis),
      eventBucket: objectsView(stores.eventBucket),
      mediaBucket: stores.mediaBucket === null ? null : objectsView(stores.mediaBucket),
      exportBucket: stores.exportBucket === null ? null : objectsView(stores.exportBucket),
    },
    publicUrl: deployment.publicUrl === null ? null : withoutLogin(deployment.publicUrl),
    webService: deployment.webService,
    webServices: deployment.webServices,
    routes: deployment.routes,
    owner: deployment.owner,
    liteLlm: deployment.liteLlm.map(liteLlmView),
    confidence: deployment.confidence,
    reasons: deployment.reasons,
    unknown: deployment.unknown,
  };
}

function componentView(component: Component): ComponentView {
  const { env: _env, evidence: _evidence, ...view } = component;
  return view;
}

function liteLlmView(neighbour: LiteLlm): LiteLlmView {
  const { env: _env, config, ...view } = neighbour;
  return { ...view, configObject: config?.object ?? null };
}

function base<Target>(
  store: Store<Target>,
): Pick<StoreView, 'configured' | 'why' | 'placement' | 'variables'> {
  const configured = store.why !== 'not configured';
  return { configured, why: store.why, placement: store.placement, variables: store.variables };
}

const nothing = { host: null, port: null, user: null, database: null, tls: false };

function postgresView(store: Store<PostgresTarget>): StoreView {
  if (store.target === null) return { ...base(store), ...nothing };
  const { host, port, user, database, tls } = store.target;
  return { ...base(store), host, port, user, database, tls: tls !== 'disable' && tls !== 'prefer' };
}

function clickHouseView(store: Store<ClickHouseTarget>): StoreView {
  if (store.target === null) return { ...base(store), ...nothing };
  const { user, database } = store.target;
  return { ...base(store), ...hostAndPort(store.target.url), user, database };
}

function redisView(store: Store<RedisTarget>): RedisView {
  const { target } = store;
  if (target === null) return { ...base(store), ...nothing, kind: 'single', keyPrefix: '' };
  const node = target.nodes[0];
  return {
    ...base(store),
    host: node?.host ?? null,
    port: node?.port ?? null,
    user: target.username ?? null,
    database: String(target.database),
    tls: target.tls,
    kind: target.kind,
    keyPrefix: target.keyPrefix,
  };
}

function objectsView(store: BucketStore): ObjectsView {
  const { target, provider } = store;
  if (target === null)
    return { ...base(store), ...nothing, provider, endpoint: null, prefix: '', pathStyle: false, region: '' };
  const { endpoint, bucket, prefix, pathStyle, region } = target;
  const address = endpoint === null ? nothing : hostAndPort(endpoint);
  return {
    ...base(store),
    ...address,
    provider,
    user: target.accessKeyId ?? null,
    database: bucket,
    endpoint: endpoint === null ? null : withoutLogin(endpoint),
    prefix,
    pathStyle,
    region,
  };
}

function hostAndPort(text: string): { host: string; port: number; tls: boolean } {
  const url = new URL(text);
  const tls = url.protocol === 'https:';
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, tls };
}
