import type { LiteLlm } from '../../deployment/model.ts';
import type { Access } from '../../ports/dialer.ts';
import type { Pod } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { LangfusePort, OpenLangfuse } from '../../ports/langfuse.ts';

/** A client of one pod of LiteLLM, past Services and proxies. */
export async function openPod(
  kube: KubePort,
  open: OpenLangfuse,
  access: Access,
  { workload, pods, port }: Pick<LiteLlm, 'workload' | 'pods' | 'port'>,
): Promise<LangfusePort | null> {
  const [pod] = pods;
  if (pod === undefined) return null;
  const { namespace } = workload;
  const ip = kube.context.inCluster
    ? ((await kube.get<Pod>(resources.pods, namespace, pod))?.status?.podIP ?? null)
    : null;
  const dialer: Access['dialer'] = {
    ...access.dialer,
    connect: async (_host, at, signal) =>
      ip === null
        ? await kube.forward(namespace, pod, at, signal)
        : await access.dialer.connect(ip, at, signal),
  };
  return open({ url: `http://${pod}:${port}` }, { ...access, dialer });
}
