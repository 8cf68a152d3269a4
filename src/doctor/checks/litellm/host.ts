import { withoutLogin } from '../../../deployment/redact.ts';
import type { DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { LiteLlmConfigView } from '../../facts/litellm/config.ts';
import { hiddenKind } from '../../hidden.ts';
import { liteLlmErrors } from '../../litellm-log.ts';
import type { LogHit } from '../../wording.ts';
import { failing, logEvidence, manual } from '../../wording.ts';

export const litellmHostCheck = defineCheck({
  id: 'litellm/host',
  area: 'litellm',
  title: 'LiteLLM sends to this Langfuse',
  why: 'Without LANGFUSE_HOST the callbacks send to the public cloud: prompts leave the company, and no trace arrives here.',
  severity: 'error',
  uses: ['litellm/config', 'deployment/discovery'],
  sees: ['kube/logs'],
  explains: ['litellm/reachable'],
  evaluate: ({ facts, outcomes }) => {
    const deployment = facts['deployment/discovery'];
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const [hit] = liteLlmErrors(logs, ['litellm-host']);
    const verdicts = facts['litellm/config'].map((config) => judgeHost(config, deployment, hit));
    return (
      verdicts.find((verdict) => verdict?.status === 'fail') ??
      verdicts.find((verdict) => verdict !== null) ?? { status: 'ok' }
    );
  },
});

/** Null when the host leads here. */
function judgeHost(config: LiteLlmConfigView, deployment: DeploymentView, hit?: LogHit): Verdict | null {
  const { host } = config;
  const right = expectedHosts(deployment, config.namespace);
  if (host !== null && right.includes(hostOf(host))) return noScheme(config, host, deployment);
  if (hit !== undefined) return wrongHost(config, deployment, hit);
  if (host === null)
    return config.hostUnknown === null
      ? wrongHost(config, deployment)
      : { status: 'unknown', reason: `LANGFUSE_HOST is not known: ${config.hostUnknown}` };
  if (isCloud(host) || (!isPublic(host) && deployment.webService !== null))
    return wrongHost(config, deployment);
  return { status: 'unknown', reason: noKnownWay(host, deployment) };
}

/** Without a scheme langfuse_otel asks by https, and langfuse by http: seen on LiteLLM 1.74.3. Null where that is fine. */
function noScheme(config: LiteLlmConfigView, host: string, { webServices }: DeploymentView): Verdict | null {
  const byOtel = [...config.callbacks, ...config.successCallbacks].includes('langfuse_otel');
  const inside = webServices.some(({ name, namespace }) =>
    [name, `${name}.${namespace}`].includes(hostOf(host).split('.').slice(0, 2).join('.')),
  );
  if (/^https?:/.test(host) || !byOtel || !inside) return null;
  const wanted = withoutLogin(`http://${host}`);
  const shown = wanted.replace('http://', '');
  return failing(
    `LANGFUSE_HOST of ${config.namespace}/${config.workload} has no scheme: callback langfuse_otel asks ${shown} by https, and web speaks http`,
    [
      {
        source: `env of ${config.workload}`,
        again: `kubectl exec -n ${config.namespace} ${config.workload} -- printenv LANGFUSE_HOST`,
        observed: shown,
        expected: wanted,
      },
    ],
    [manual('set it', setHost(config, wanted))],
    { confidence: 0.9 },
  );
}

function setHost({ namespace, workload }: LiteLlmConfigView, host: string): string {
  return `kubectl set env -n ${namespace} ${workload} LANGFUSE_HOST=${host}`;
}

function noKnownWay(host: string, { namespace, unknown, webService }: DeploymentView): string {
  const hidden = webService === null ? hiddenKind(unknown, ['services'], namespace) : null;
  const text = `LANGFUSE_HOST names ${withoutLogin(host)}, which is no known way to this deployment`;
  return hidden === null ? text : `${text}; ${hidden}`;
}

function wrongHost(config: LiteLlmConfigView, deployment: DeploymentView, hit?: LogHit): Verdict {
  const { name, namespace, port } = deployment.webService ?? {
    namespace: deployment.namespace,
    name: 'langfuse',
    port: 3000,
  };
  const expected = `http://${name}.${namespace}.svc.cluster.local:${port}`;
  const where = `LANGFUSE_HOST of ${config.namespace}/${config.workload}`;
  const host = config.host === null ? null : withoutLogin(config.host);
  return failing(
    host === null
      ? `${where} is not set: traces go to the public cloud`
      : `${where} names ${host}, not this deployment`,
    [
      {
        source: `env of ${config.workload}`,
        again: `kubectl exec -n ${config.namespace} ${config.workload} -- printenv LANGFUSE_HOST`,
        observed: host ?? 'not set: the public cloud',
        expected,
      },
      ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'no error')]),
    ],
    [manual('set it', setHost(config, expected))],
  );
}

/** Every name that leads to web from that namespace; the bare Service name does only inside its own. */
function expectedHosts(deployment: DeploymentView, from: string): string[] {
  const names = deployment.webServices.flatMap(({ name, namespace }) => [
    ...['', '.svc', '.svc.cluster.local'].map((end) => `${name}.${namespace}${end}`),
    ...(namespace === from ? [name] : []),
  ]);
  const publicHost = deployment.publicUrl === null ? [] : [hostOf(deployment.publicUrl)];
  return [...names, ...publicHost, ...deployment.routes.flatMap((route) => route.hosts)];
}

function hostOf(url: string): string {
  try {
    return new URL(/^https?:/.test(url) ? url : `http://${url}`).hostname;
  } catch {
    return url;
  }
}

/** A public name may lead here by a way that the cluster does not show. */
function isPublic(url: string): boolean {
  const host = hostOf(url);
  return host.includes('.') && !host.includes('.svc');
}

function isCloud(url: string): boolean {
  return hostOf(url).endsWith('cloud.langfuse.com');
}
