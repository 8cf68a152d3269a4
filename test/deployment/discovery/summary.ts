import type { Placement, Route } from '../../../src/deployment/model.ts';
import type {
  ComponentView,
  DeploymentView,
  ObjectsView,
  RedisView,
  StoreView,
} from '../../../src/deployment/view.ts';
import type { LfctlError } from '../../../src/errors/error.ts';

type Line = readonly [string, string];

/** All that discovery says of a cluster, one line for each thing: what is not in it is not tested. */
export function summarise(view: DeploymentView): string {
  const { stores, owner, webService, webServices } = view;
  const others = webServices.filter(({ name }) => name !== webService?.name);
  return text([
    ['deployment', `namespace ${view.namespace}, release ${view.release ?? 'none'}: ${view.confidence}`],
    ['langfuse', langfuse(view)],
    ['owner', [owner.kind, owner.name, owner.namespace, owner.chart].map((one) => one ?? '-').join(' ')],
    ['url', view.publicUrl ?? 'unknown'],
    [
      'service',
      webService === null ? 'none' : `${webService.namespace}/${webService.name}:${webService.port}`,
    ],
    ...others.map((one): Line => ['also', `${one.namespace}/${one.name}:${one.port}`]),
    ...view.components.map((one): Line => [one.role, component(one)]),
    ['postgres', store(stores.postgres)],
    ...optional('direct', stores.postgresDirect, store),
    ['clickhouse', store(stores.clickhouse)],
    ['redis', redis(stores.redis)],
    ['events', bucket(stores.eventBucket)],
    ...optional('media', stores.mediaBucket, bucket),
    ...optional('exports', stores.exportBucket, bucket),
    ...view.routes.map((one): Line => ['route', route(one)]),
    ...view.liteLlm.map((one): Line => [
      'litellm',
      `${one.workload.namespace}/${one.workload.name}:${one.port}, config ${one.configObject ?? 'unknown'}`,
    ]),
    ...view.reasons.map((one): Line => ['reason', `${one.confidence}: ${one.finding}, by ${one.because}`]),
    ...view.unknown.map((one): Line => ['unknown', one]),
  ]);
}

/** A refusal with its next steps. */
export function summariseError(error: LfctlError): string {
  return text([
    ['refused', error.code],
    ...error.message.split('\n').map((line): Line => ['', line.trim()]),
    ...error.fixes.map((fix): Line => ['fix', [fix.text, fix.command].filter(Boolean).join(': ')]),
  ]);
}

const text = (lines: readonly Line[]): string =>
  `${lines.map(([name, value]) => `${name.padEnd(11)}${value}`.trimEnd()).join('\n')}\n`;

function optional<View>(name: string, view: View | null, show: (view: View) => string): readonly Line[] {
  return view === null ? [] : [[name, show(view)]];
}

function langfuse({ generation, imageVersion, mode, writeMode }: DeploymentView): string {
  const on4 = generation === 4 ? '' : `; as 4 it would write ${writeMode ?? 'unknown'}`;
  return `generation ${generation ?? 'unknown'}, image ${imageVersion ?? 'unknown'}, mode ${mode ?? 'unknown'}${on4}`;
}

function component(view: ComponentView): string {
  const { workload, container, image, imageVersion, port, readyReplicas, desiredReplicas, pods } = view;
  const ready = `${readyReplicas}/${desiredReplicas} ready, pods ${pods.length === 0 ? 'none' : pods.join(' ')}`;
  const name = `${workload.kind} ${workload.name}, container ${container}:${port}`;
  return `${name}, ${ready}, ${image} (${imageVersion ?? 'no version'})`;
}

function store(view: StoreView): string {
  const { host, port, user, database, why, tls } = view;
  const login = user === null || user === '' ? '' : `${user}@`;
  const address = host === null ? (why ?? 'no address') : `${login}${host}:${port ?? ''}/${database ?? ''}`;
  const where = why === 'not configured' ? '' : `, ${placement(view.placement)}`;
  const by = view.variables.length === 0 ? '' : `, by ${view.variables.join(' ')}`;
  return `${address}${tls ? ' TLS' : ''}${where}${by}`;
}

function redis(view: RedisView): string {
  const prefix = view.keyPrefix === '' ? '' : `, keys under ${view.keyPrefix}`;
  return view.host === null ? store(view) : `${view.kind} ${store(view)}${prefix}`;
}

function bucket(view: ObjectsView): string {
  const head = view.provider === 's3' ? '' : `${view.provider}: `;
  if (view.database === null) return `${head}${store(view)}`;
  const { database, prefix, region, pathStyle, endpoint, user } = view;
  const key = user === null ? 'no key' : `key ${user}`;
  const by = `by ${view.variables.join(' ')}`;
  return `${head}${database}/${prefix} at ${endpoint ?? 'AWS'} (${region}, ${pathStyle ? 'path' : 'host'} style, ${key}), ${placement(view.placement)}, ${by}`;
}

function placement(place: Placement): string {
  switch (place.kind) {
    case 'service':
      return `Service ${place.namespace}/${place.service}`;
    case 'no-service':
      return `no such Service ${place.namespace}/${place.service}`;
    case 'external':
      return place.through === undefined ? 'external' : `external through ${place.through}`;
    case 'unknown':
      return `somewhere (${place.why})`;
  }
}

function route({ kind, namespace, name, hosts, className, tls }: Route): string {
  return `${kind} ${namespace}/${name}, hosts ${hosts.join(' ') || 'none'}, class ${className ?? '-'}${tls ? ', TLS' : ''}`;
}
