import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cluster, User } from '@kubernetes/client-node';
import * as v from 'valibot';
import { Secret } from '../../deployment/secret.ts';
import { LfctlError } from '../../errors/error.ts';
import { stopReason } from '../net/deadline.ts';
import { codeOf, firstLine } from '../net/network-error.ts';

/** What a login program gives: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats */
export interface Credential {
  readonly token: Secret | null;
  readonly certificate: string | null;
  readonly key: Secret | null;
  /** Milliseconds since 1970; null when it does not expire. */
  readonly expiresAtMs: number | null;
}

/** How a kubeconfig names its login program. */
export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
  /** How to get the program, in the words of who wrote the kubeconfig. */
  readonly installHint?: string | null;
}

const credentialSchema = v.object({
  status: v.object({
    token: v.optional(v.string()),
    clientCertificateData: v.optional(v.string()),
    clientKeyData: v.optional(v.string()),
    expirationTimestamp: v.optional(v.nullable(v.string())),
  }),
});

const run = promisify(execFile);

/** The login program of a user; null when it has none. */
export function execPluginOf(user: User | null): ExecPlugin | null {
  const plugin: unknown = user?.exec;
  if (typeof plugin !== 'object' || plugin === null || !('command' in plugin)) return null;
  return plugin as ExecPlugin;
}

/**
 * Runs a login program. client-node's own way has no deadline and no KUBERNETES_EXEC_INFO, without which the
 * programs of GKE and Azure refuse.
 * @throws LfctlError KUBE_UNAUTHORIZED, KUBE_TIMEOUT
 */
export async function runPlugin(
  plugin: ExecPlugin,
  cluster: Cluster,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Credential> {
  const own = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  const info = execInfo(plugin, cluster);
  try {
    const { stdout } = await run(plugin.command, [...(plugin.args ?? [])], {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: info },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1024 * 1024,
      signal,
      windowsHide: true,
    });
    return credentialOf(stdout);
  } catch (error) {
    if (signal.aborted) throw stopReason(signal);
    throw pluginError(plugin, error, timeoutMs);
  }
}

function execInfo(plugin: ExecPlugin, cluster: Cluster): string {
  const { server, caData, skipTLSVerify } = cluster;
  const described = {
    server,
    ...(caData === undefined ? {} : { 'certificate-authority-data': caData }),
    'insecure-skip-tls-verify': skipTLSVerify,
  };
  return JSON.stringify({
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1beta1',
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo === true ? { cluster: described } : {}) },
  });
}

function credentialOf(stdout: string): Credential {
  const { status } = v.parse(credentialSchema, JSON.parse(stdout));
  const expiresAtMs = Date.parse(status.expirationTimestamp ?? '');
  return {
    token: status.token === undefined ? null : new Secret(status.token),
    certificate: status.clientCertificateData ?? null,
    key: status.clientKeyData === undefined ? null : new Secret(status.clientKeyData),
    expiresAtMs: Number.isNaN(expiresAtMs) ? null : expiresAtMs,
  };
}

/** Its stdout may hold half a token and its arguments a client's secret: neither is shown. Its stderr is for people. */
function pluginError(plugin: ExecPlugin, error: unknown, timeoutMs: number): LfctlError {
  const message = `the login program ${plugin.command} ${whyFailed(error, timeoutMs)}`;
  const hint = codeOf(error) === 'ENOENT' ? (plugin.installHint ?? '').trim() : '';
  if (wasKilled(error)) return new LfctlError('KUBE_TIMEOUT', { message });
  return new LfctlError('KUBE_UNAUTHORIZED', { message, fixes: hint === '' ? [] : [{ text: hint }] });
}

/** At its deadline. */
const wasKilled = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'killed' in error && error.killed === true;

function whyFailed(error: unknown, timeoutMs: number): string {
  if (codeOf(error) === 'ENOENT') return 'is not on PATH';
  if (codeOf(error) === 'EACCES') return 'is not executable';
  if (typeof error !== 'object' || error === null || !('stderr' in error)) return 'gave no credential';
  const { code, stderr } = error as { code?: unknown; stderr?: unknown };
  if (wasKilled(error)) return `did not end within ${Math.round(timeoutMs)} ms`;
  const said = firstLine(typeof stderr === 'string' ? stderr : '');
  return `failed with exit code ${String(code)}${said === '' ? '' : `: ${said}`}`;
}
