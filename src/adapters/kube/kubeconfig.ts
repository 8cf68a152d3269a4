import { access as accessFile, readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
import { KubeConfig } from '@kubernetes/client-node';
import { LfctlError } from '../../errors/error.ts';
import type { KubeAccess } from '../../ports/kube.ts';
import { codeOf, errorLine } from '../net/network-error.ts';
import type { ExecPlugin } from './exec-plugin.ts';
import { execPluginOf } from './exec-plugin.ts';

/** Where a pod finds its service account: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The one context that is used, with everything it names. */
export interface Loaded {
  readonly config: KubeConfig;
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User | null;
  /** Its login program; taken out of `config`, where client-node would run it for every request. */
  readonly plugin: ExecPlugin | null;
  readonly inCluster: boolean;
}

/**
 * kubectl's rules: --kubeconfig, else the files of KUBECONFIG merged (first one wins), else ~/.kube/config,
 * else the service account of the pod.
 * @throws LfctlError KUBE_CONFIG, with the names that exist where a name does not
 */
export async function loadKubeconfig(access: KubeAccess, podFolder = serviceAccountFolder): Promise<Loaded> {
  const files = await filesOf(access);
  if (files.length > 0) return chosen(await merged(files), access.context, false);
  if (await exists(join(podFolder, 'token')))
    return chosen(await inPod(access.env, podFolder), undefined, true);
  throw new LfctlError('KUBE_CONFIG', {
    message:
      'no kubeconfig: neither --kubeconfig, KUBECONFIG nor ~/.kube/config leads to a file, and this is no pod',
    fixes: [{ text: 'name one with --kubeconfig FILE' }],
  });
}

/** Files that do not exist are passed over in KUBECONFIG, as kubectl does, but not when one is named. */
async function filesOf(access: KubeAccess): Promise<string[]> {
  if (access.kubeconfig !== undefined) return [access.kubeconfig];
  const listed = (access.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const home = access.env['HOME'] ?? access.env['USERPROFILE'];
  const usual = home === undefined || home === '' ? [] : [join(home, '.kube', 'config')];
  const files = listed.length > 0 ? listed : usual;
  const there = await Promise.all(files.map(exists));
  const found = files.filter((_file, index) => there[index]);
  if (listed.length > 0 && found.length === 0)
    throw new LfctlError('KUBE_CONFIG', { message: `no file of KUBECONFIG exists: ${listed.join(', ')}` });
  return found;
}

async function exists(file: string): Promise<boolean> {
  return await accessFile(file).then(
    () => true,
    () => false,
  );
}

async function merged(files: readonly string[]): Promise<KubeConfig> {
  const all = await Promise.all(files.map(parsed));
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firstByName(all.flatMap((one) => one.clusters)),
    users: firstByName(all.flatMap((one) => one.users)),
    contexts: firstByName(all.flatMap((one) => one.contexts)),
    currentContext: all.map((one) => one.currentContext).find((name) => name !== undefined && name !== ''),
  });
  return config;
}

function firstByName<Named extends { readonly name: string }>(all: readonly Named[]): Named[] {
  return all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index);
}

async function parsed(file: string): Promise<KubeConfig> {
  const config = new KubeConfig();
  try {
    const text = await readFile(file, 'utf8');
    // To kubectl an empty file is a kubeconfig that holds nothing.
    if (text.trim() === '') return config;
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
    config.users = config.getUsers().map((user) => withAbsoluteCommand(user, dirname(file)));
    return config;
  } catch (error) {
    // js-yaml quotes the lines around a fault in what follows the first line; they may hold a token.
    const why = codeOf(error) === 'ENOENT' ? 'does not exist' : `is no kubeconfig: ${errorLine(error)}`;
    throw new LfctlError('KUBE_CONFIG', { message: `${file} ${why}` });
  }
}

/** A login program with a slash in its name is relative to its kubeconfig; a bare name is looked up on PATH. */
function withAbsoluteCommand(user: User, folder: string): User {
  const plugin = execPluginOf(user);
  if (plugin === null || !plugin.command.includes('/')) return user;
  return { ...user, exec: { ...plugin, command: resolve(folder, plugin.command) } };
}

async function inPod(env: KubeAccess['env'], folder: string): Promise<KubeConfig> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined)
    throw new LfctlError('KUBE_CONFIG', {
      message: 'this pod has a service account but no KUBERNETES_SERVICE_HOST',
    });
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => 'default');
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'in-cluster', caFile: join(folder, 'ca.crt'), server, skipTLSVerify: false }],
    // Re-read by client-node when the kubelet rotates it.
    users: [
      {
        name: 'in-cluster',
        authProvider: { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } },
      },
    ],
    contexts: [
      { name: 'in-cluster', cluster: 'in-cluster', user: 'in-cluster', namespace: namespace.trim() },
    ],
    currentContext: 'in-cluster',
  });
  return config;
}

function chosen(config: KubeConfig, wanted: string | undefined, inCluster: boolean): Loaded {
  const name = wanted ?? config.getCurrentContext();
  const contexts = names(config.getContexts());
  if (name === undefined || name === '')
    throw new LfctlError('KUBE_CONFIG', {
      message: `the kubeconfig has no current context; it has ${contexts}`,
      fixes: [{ text: 'choose one', command: 'lfctl doctor --context NAME' }],
    });
  const context = config.getContextObject(name);
  if (context === null)
    throw new LfctlError(wanted === undefined ? 'KUBE_CONFIG' : 'KUBE_CONTEXT', {
      message: `the kubeconfig has no context ${name}; it has ${contexts}`,
    });
  config.setCurrentContext(name);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null)
    throw new LfctlError('KUBE_CONFIG', {
      message: `context ${name} names cluster ${context.cluster}, which the kubeconfig does not have; it has ${names(config.getClusters())}`,
    });
  const user = userOf(config, context);
  const plugin = execPluginOf(user);
  config.users = config.getUsers().map(({ exec: _exec, ...rest }) => rest);
  return { config, context, cluster: checked(cluster), user, plugin, inCluster };
}

function userOf(config: KubeConfig, context: Context): User | null {
  if (context.user === undefined || context.user === '') return null;
  const user = config.getUser(context.user);
  if (user !== null) return user;
  throw new LfctlError('KUBE_CONFIG', {
    message: `context ${context.name} names user ${context.user}, which the kubeconfig does not have; it has ${names(config.getUsers())}`,
  });
}

function checked(cluster: Cluster): Cluster {
  const url = URL.canParse(cluster.server) ? new URL(cluster.server) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return cluster;
  throw new LfctlError('KUBE_CONFIG', {
    message: `cluster ${cluster.name} has no usable server address: ${cluster.server}`,
  });
}

function names(all: readonly { readonly name: string }[]): string {
  return all.length === 0 ? 'none' : all.map((one) => one.name).join(', ');
}
