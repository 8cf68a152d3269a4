import type {
  ConfigMap,
  Container,
  EnvFromSource,
  EnvVar,
  KubeSecret,
  Pod,
} from '../../../ports/kube-objects.ts';
import { found, kinds } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import { expandVariables } from './expansion.ts';
import { bytesOf, coresOf } from './quantities.ts';

/** The container cannot be configured; its message is the real kubelet's. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Where a container's variables come from. */
export interface EnvironmentSource {
  readonly store: ObjectStore;
  readonly pod: Pod;
  readonly container: Container;
  readonly podAddress: string;
  readonly nodeAddress: string;
  /** What a container has before its own env: PATH, HOSTNAME, KUBERNETES_SERVICE_HOST … */
  readonly base: Readonly<Record<string, string>>;
}

/**
 * The container's env as Kubernetes resolves it: the base, then envFrom in order, then env in order; later
 * ones win, and `$(VAR)` sees what came before. @throws ConfigError `secret "x" not found` …
 */
export function resolveEnvironment(source: EnvironmentSource): Record<string, string> {
  const env: Record<string, string> = { ...source.base };
  for (const from of source.container.envFrom ?? []) Object.assign(env, fromSource(source, from));
  for (const variable of source.container.env ?? []) {
    const value = valueOf(source, variable, env);
    if (value !== null) env[variable.name] = value;
  }
  return env;
}

function fromSource(source: EnvironmentSource, from: EnvFromSource): Record<string, string> {
  const prefix = from.prefix ?? '';
  const values = from.secretRef
    ? secretValues(source, from.secretRef.name, from.secretRef.optional)
    : from.configMapRef
      ? configMapValues(source, from.configMapRef.name, from.configMapRef.optional)
      : null;
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${prefix}${key}`, value]));
}

function secretValues(
  { store, pod }: EnvironmentSource,
  name: string,
  optional: boolean | undefined,
): Readonly<Record<string, string>> | null {
  const secret = found<KubeSecret>(store, kinds.secrets, pod.metadata.namespace ?? null, name);
  if (secret === null && optional !== true) throw new ConfigError(`secret "${name}" not found`);
  if (secret === null) return null;
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}

function configMapValues(
  { store, pod }: EnvironmentSource,
  name: string,
  optional: boolean | undefined,
): Readonly<Record<string, string>> | null {
  const map = found<ConfigMap>(store, kinds.configMaps, pod.metadata.namespace ?? null, name);
  if (map === null && optional !== true) throw new ConfigError(`configmap "${name}" not found`);
  return map === null ? null : (map.data ?? {});
}

/** Null when an optional reference leads nowhere: the variable is not set then. */
function valueOf(
  source: EnvironmentSource,
  variable: EnvVar,
  env: Readonly<Record<string, string>>,
): string | null {
  const from = variable.valueFrom;
  if (from === undefined) return expandVariables(variable.value ?? '', env);
  if (from.secretKeyRef) {
    const { name, key, optional } = from.secretKeyRef;
    return keyOf(secretValues(source, name, optional), key, optional, 'Secret', source, name);
  }
  if (from.configMapKeyRef) {
    const { name, key, optional } = from.configMapKeyRef;
    return keyOf(configMapValues(source, name, optional), key, optional, 'ConfigMap', source, name);
  }
  if (from.fieldRef) return fieldValue(source, from.fieldRef.fieldPath);
  if (from.resourceFieldRef) return resourceValue(source.container, from.resourceFieldRef.resource);
  return '';
}

function keyOf(
  values: Readonly<Record<string, string>> | null,
  key: string,
  optional: boolean | undefined,
  kind: 'Secret' | 'ConfigMap',
  { pod }: EnvironmentSource,
  name: string,
): string | null {
  if (values !== null && Object.hasOwn(values, key)) return values[key] ?? null;
  if (optional === true) return null;
  throw new ConfigError(`couldn't find key ${key} in ${kind} ${pod.metadata.namespace ?? 'default'}/${name}`);
}

function fieldValue({ pod, podAddress, nodeAddress }: EnvironmentSource, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] === 'labels' ? 'labels' : 'annotations']?.[keyed[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace ?? 'default';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? 'default';
    case 'status.podIP':
    case 'status.podIPs':
      return podAddress;
    case 'status.hostIP':
      return nodeAddress;
    default:
      throw new ConfigError(`unsupported fieldPath: ${path}`);
  }
}

function resourceValue({ resources }: Container, resource: string): string {
  const [kind, name = ''] = resource.split('.');
  const text = (kind === 'limits' ? resources?.limits : resources?.requests)?.[name];
  if (text === undefined) return '0';
  return String(name === 'cpu' ? Math.ceil(coresOf(text)) : bytesOf(text));
}
