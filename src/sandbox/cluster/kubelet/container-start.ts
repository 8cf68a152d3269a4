import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Service } from '../../../ports/kube-objects.ts';
import { findImage, pullError, type SandboxImage } from '../../images.ts';
import type { PodControl } from '../../pod/control.ts';
import { found, kinds } from '../kinds.ts';
import { change, type ContainerScope, event, waiting } from './container-scope.ts';
import { ConfigError, resolveEnvironment } from './environment.ts';
import { expandVariables } from './expansion.ts';
import { startIdleContainer } from './idle-container.ts';
import { pause } from './probes.ts';
import { type Running, startProcess } from './running.ts';

/** A container's PATH when its image says nothing. */
const imagePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Seconds of the image and crash back-off: 10, 20, 40 … 300. */
export function backOffSeconds(failures: number): number {
  return Math.min(300, 10 * 2 ** (failures - 1));
}

/** The container's image, once a registry has it; null when the pod ends before. */
export async function pullImage(scope: ContainerScope): Promise<SandboxImage | null> {
  const image = scope.container.image ?? '';
  const { timeScale } = scope.context;
  for (let failures = 1; !scope.halted.aborted; failures += 1) {
    const known = findImage(image);
    if (known !== null) {
      event(scope, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
      return known;
    }
    const why = pullError(image);
    event(scope, 'Normal', 'Pulling', `Pulling image "${image}"`);
    event(scope, 'Warning', 'Failed', `Failed to pull image "${image}": ${why}`);
    event(scope, 'Warning', 'Failed', 'Error: ErrImagePull');
    change(scope, { state: waiting('ErrImagePull', why) });
    await pause(5000 / timeScale, scope.halted);
    if (scope.halted.aborted) return null;
    event(scope, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    event(scope, 'Warning', 'Failed', 'Error: ImagePullBackOff');
    const message = `Back-off pulling image "${image}": ErrImagePull: ${why}`;
    change(scope, { state: waiting('ImagePullBackOff', message) });
    await pause((backOffSeconds(failures) * 1000) / timeScale, scope.halted);
  }
  return null;
}

/** The container's env, once all it refers to is there; null when the pod ends before. */
export async function configure(scope: ContainerScope): Promise<Record<string, string> | null> {
  while (!scope.halted.aborted)
    try {
      return environmentOf(scope);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      event(scope, 'Warning', 'Failed', `Error: ${error.message}`);
      change(scope, { state: waiting('CreateContainerConfigError', error.message) });
      await pause(5000 / scope.context.timeScale, scope.halted);
    }
  return null;
}

/** @throws ConfigError */
export function environmentOf({ context, pod, container, address }: ContainerScope): Record<string, string> {
  const { store, network } = context;
  const api = found<Service>(store, kinds.services, 'default', 'kubernetes');
  const { hostname = pod.metadata.name } = pod.spec;
  const base = {
    PATH: imagePath,
    HOSTNAME: hostname,
    KUBERNETES_SERVICE_HOST: api?.spec.clusterIP ?? network.nodeAddress,
    KUBERNETES_SERVICE_PORT: String(api?.spec.ports?.[0]?.port ?? 443),
  };
  return resolveEnvironment({
    store,
    pod,
    container,
    podAddress: address,
    nodeAddress: network.nodeAddress,
    base,
  });
}

/** Starts the container's program. @throws when the process cannot be started */
export async function startContainer(
  scope: ContainerScope,
  image: SandboxImage,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const { context, container, files, record } = scope;
  const log = files.log(record.restartCount);
  rmSync(files.exit(record.restartCount), { force: true });
  rmSync(files.log(record.restartCount - 2), { force: true });
  mkdirSync(files.root, { recursive: true });
  const args = [...(container.command ?? []), ...(container.args ?? [])].map((arg) =>
    expandVariables(arg, env),
  );
  writeFileSync(files.control, JSON.stringify(controlOf(scope, image, args)));
  if (isIdle(scope, image, args)) return startIdleContainer(scope.address, image.fullName, log, context.now);
  return startProcess({
    command: context.nodePath,
    args: [...nodeFlags, context.programEntry, files.control],
    // ClickHouse runs each query on a thread of Node's pool; its size is read before any program starts.
    env: image.program === 'clickhouse' ? { UV_THREADPOOL_SIZE: '16', ...env } : env,
    folder: files.root,
    logFile: log,
  });
}

/** A smaller young generation saves some MB in each pod. */
const nodeFlags = ['--max-semi-space-size=1'];

/** What does nothing here, and a sidecar that only idles beside a main container, needs no process. */
function isIdle({ pod, isInit }: ContainerScope, image: SandboxImage, args: readonly string[]): boolean {
  if (image.program !== 'sidecar' || isInit) return false;
  if (image.idle) return true;
  const isProxy = /proxyv2|envoy/.test(image.fullName);
  const others = pod.spec.containers.some(({ image: each = '' }) => findImage(each)?.program !== 'sidecar');
  return others && (isProxy || args.length === 0);
}

function controlOf(scope: ContainerScope, image: SandboxImage, args: readonly string[]): PodControl {
  const { context, pod, files, record } = scope;
  return {
    program: image.program,
    imageTag: image.tag,
    args,
    address: scope.address,
    resolverSocket: context.network.resolverSocket,
    pod: { namespace: pod.metadata.namespace ?? 'default', name: pod.metadata.name },
    folder: files.root,
    mounts: scope.mounts,
    machinePath: context.path ?? imagePath,
    timeScale: context.timeScale,
    partFolders: context.partFolders ?? [],
    exitFile: files.exit(record.restartCount),
  };
}
