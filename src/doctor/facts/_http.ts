import { reportedVersion } from '../../deployment/reported-version.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Pod } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { LangfusePort } from '../../ports/langfuse.ts';
import type { FactContext } from '../fact.ts';
import type { HttpAnswerView, HttpView } from '../views.ts';

/** Asks each path of one pod, past Services and proxies, so that the answer is the pod's own. */
export async function askPod(
  context: FactContext,
  pod: {
    readonly namespace: string;
    readonly name: string;
    readonly ip: string | null;
    readonly port: number;
  },
  paths: readonly string[],
): Promise<HttpView> {
  const kube = await context.ports.kube();
  const dialer = {
    ...context.access.dialer,
    connect: async (_host: string, port: number, signal: AbortSignal) =>
      kube.context.inCluster && pod.ip !== null
        ? await context.access.dialer.connect(pod.ip, port, signal)
        : await kube.forward(pod.namespace, pod.name, port, signal),
  };
  const client = context.ports.openLangfuse(
    { url: `http://${pod.name}:${pod.port}` },
    { ...context.access, dialer, signal: context.signal },
  );
  const view = { namespace: pod.namespace, pod: pod.name, ...(await askAll(client, paths)) };
  const silent = Object.values(view.answers).includes(null);
  return silent && (await isGone(kube, pod)) ? { ...view, gone: true } : view;
}

/** Whether a pod that was listed a moment ago ends or is gone; where that cannot be read it counts as there. */
async function isGone(
  kube: KubePort,
  pod: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  try {
    const found = await kube.get<Pod>(resources.pods, pod.namespace, pod.name);
    return found === null || found.metadata.deletionTimestamp !== undefined;
  } catch (error) {
    if (error instanceof LfctlError) return false;
    throw error;
  }
}

/** Asks a base URL directly: what there is without a cluster. `pod` is the URL without a login then. */
export async function askUrl(context: FactContext, url: string, paths: readonly string[]): Promise<HttpView> {
  const client = context.ports.openLangfuse({ url }, { ...context.access, signal: context.signal });
  return { namespace: '', pod: url.replace(/\/\/[^/@]*@/, '//'), ...(await askAll(client, paths)) };
}

type Answers = Omit<HttpView, 'namespace' | 'pod'>;

async function askAll(client: LangfusePort, paths: readonly string[]): Promise<Answers> {
  const answers: Record<string, HttpAnswerView | null> = {};
  const errors: Record<string, string> = {};
  let keepAliveSeconds: number | null = null;
  try {
    for (const path of paths) {
      try {
        const answer = await client.get(path);
        keepAliveSeconds ??= answer.keepAliveSeconds;
        answers[path] = { status: answer.status, ms: answer.ms, body: answer.body.slice(0, 200) };
      } catch (error) {
        if (!(error instanceof LfctlError)) throw error;
        answers[path] = null;
        errors[path] = error.message;
      }
    }
  } finally {
    client.close();
  }
  const versions = Object.values(answers).map((answer) => reportedVersion(answer?.body ?? ''));
  return { answers, errors, version: versions.find((text) => text !== null) ?? null, keepAliveSeconds };
}
