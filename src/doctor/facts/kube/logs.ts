import { deploymentSecrets, makeRedactor } from '../../../deployment/redact.ts';
import { LfctlError } from '../../../errors/error.ts';
import type { KubePort } from '../../../ports/kube.ts';
import { classifyLog, stampedLines } from '../../classify-log.ts';
import { lastCallAt } from '../../litellm-log.ts';
import { defineFact } from '../../fact.ts';
import type { ContainerView, LogView, PodView } from '../../views.ts';

/** Logs older than this say nothing of the present. */
const sinceSeconds = 600;
const tailLines = 500;

/** Classified logs of web, worker and LiteLLM, and of the run before the last restart where a container crashed. */
export const kubeLogsFact = defineFact({
  id: 'kube/logs',
  needs: ['kube'],
  after: ['deployment/discovery', 'kube/pods'],
  cost: 'read',
  collect: async (context): Promise<readonly LogView[]> => {
    const deployment = await context.deployment();
    const kube = await context.ports.kube();
    const redact = makeRedactor(deploymentSecrets(deployment));
    const outcome = context.fact('kube/pods');
    const pods = outcome.status === 'known' ? (outcome.value as readonly PodView[]) : [];
    const wanted = pods.filter((pod) => ['web', 'worker', 'litellm'].includes(pod.part) && !pod.deleting);
    const runs = wanted.flatMap((pod) =>
      pod.containers
        .filter((container) => container.main)
        .flatMap((container) => runsOf(container).map((previous) => ({ pod, container, previous }))),
    );
    return await Promise.all(runs.map(async (run) => await readRun(kube, redact, run)));
  },
});

/** The current run, and the previous one when the current one waits to start again or is young. */
function runsOf(container: ContainerView): boolean[] {
  const started = container.state.running !== undefined || container.state.terminated !== undefined;
  const crashed = container.restarts > 0 && (!container.ready || !started);
  return [...(started ? [false] : []), ...(crashed ? [true] : [])];
}

async function readRun(
  kube: KubePort,
  redact: (line: string) => string,
  run: { readonly pod: PodView; readonly container: ContainerView; readonly previous: boolean },
): Promise<LogView> {
  const { pod, container, previous } = run;
  const view = {
    part: pod.part,
    namespace: pod.namespace,
    pod: pod.name,
    container: container.name,
    previous,
  };
  try {
    const text = await kube.logs({
      namespace: pod.namespace,
      pod: pod.name,
      container: container.name,
      previous,
      tailLines,
      timestamps: pod.part === 'litellm',
      ...(previous ? {} : { sinceSeconds }),
    });
    const stamped = pod.part === 'litellm' ? stampedLines(text) : null;
    const lines = stamped?.map((line) => line.text) ?? text.split('\n');
    const written = lines.filter((line) => line.trim() !== '');
    const last = written.at(-1);
    return {
      ...view,
      lines: written.length,
      findings: classifyLog(stamped ?? text, redact),
      ...(stamped === null ? {} : { lastCallAt: lastCallAt(stamped) }),
      lastLine: last === undefined ? null : redact(last).slice(0, 300),
      unreadable: null,
    };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { ...view, lines: 0, findings: [], lastLine: null, unreadable: error.message };
  }
}
