import { discover } from '../deployment/discovery/discover.ts';
import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import { toView } from '../deployment/to-view.ts';
import { LfctlError } from '../errors/error.ts';
import type { PortOpeners } from '../ports/openers.ts';
import type { DeploymentEnvelope } from './envelope.ts';
import { toEnvelope } from './envelope.ts';

/** Discovery alone, for commands that need no more. @throws LfctlError NOT_CONFIGURED, DEPLOYMENT_*, KUBE_* */
export async function discoverFor(options: {
  readonly settings: Settings;
  readonly services: PortOpeners & { readonly env: Readonly<Record<string, string | undefined>> };
  readonly signal: AbortSignal;
}): Promise<{ readonly deployment: Deployment; readonly envelope: DeploymentEnvelope | null }> {
  const { settings, services, signal } = options;
  const { kubernetes } = settings;
  if (!kubernetes.enabled) throw new LfctlError('NOT_CONFIGURED', { message: 'no cluster is configured' });
  const kube = await services.openKube({
    ...(kubernetes.kubeconfig === null ? {} : { kubeconfig: kubernetes.kubeconfig.value }),
    ...(kubernetes.context === null ? {} : { context: kubernetes.context.value }),
    requestTimeoutMs: settings.timeoutMs,
    signal,
    env: services.env,
  });
  try {
    const deployment = await discover(kube, settings);
    const view = toView(deployment, kube.context.name);
    return { deployment, envelope: toEnvelope({ deployment: view, version: deployment.imageVersion }) };
  } finally {
    kube.close();
  }
}
