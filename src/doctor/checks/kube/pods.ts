import type { Evidence } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import type { ContainerView, HttpView, LogView, PodView } from '../../views.ts';
import { failing, logCommand, logEvidence, manual, podCommand } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

/** A pod may take this long to become ready: the official probes wait 20 s and then count three times 10 s. */
const startMs = 90_000;

export const kubePodsCheck = defineCheck({
  id: 'kube/pods',
  area: 'kube',
  title: 'every Langfuse pod runs and is ready',
  why: 'A symptom: it ranks below each cause that explains it, and stands alone when nothing does. The last words of the run before the restart say most.',
  severity: 'critical',
  uses: ['kube/pods'],
  sees: ['kube/logs', 'web/http', 'worker/http'],
  explains: [...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes, now }) => {
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const own = facts['kube/pods'].filter(
      (pod) => (pod.part === 'web' || pod.part === 'worker') && !pod.deleting,
    );
    const asked = [...(valueOf(outcomes['web/http']) ?? []), ...(valueOf(outcomes['worker/http']) ?? [])];
    const bad = own
      .map((pod) => ({ pod, trouble: troubleOf(pod, now) ?? crashing(pod, asked) }))
      .filter((one): one is { pod: PodView; trouble: string } => one.trouble !== null);
    const [first, ...rest] = bad;
    if (first === undefined) return { status: 'ok', detail: `${own.length} running` };
    return failing(
      `pod ${first.pod.name} ${first.trouble}${rest.length === 0 ? '' : `, and ${rest.length} more`}`,
      [podEvidence(first.pod, first.trouble), ...lastWords(logs, first.pod)],
      [
        manual(
          'read the log of the run before the restart',
          `kubectl logs -n ${first.pod.namespace} ${first.pod.name} --previous`,
        ),
      ],
      { confidence: 0.6 },
    );
  },
});

function troubleOf(pod: PodView, now: Date): string | null {
  if (pod.unschedulable !== null) return `cannot be scheduled: ${pod.unschedulable}`;
  for (const container of pod.containers) {
    const trouble = containerTrouble(container);
    if (trouble !== null) return trouble;
  }
  const ageMs = pod.startedAt === null ? 0 : now.getTime() - Date.parse(pod.startedAt);
  return pod.ready || ageMs < startMs ? null : `is not ready after ${Math.round(ageMs / 1000)} s`;
}

function containerTrouble(container: ContainerView): string | null {
  const { waiting, terminated } = container.state;
  const quiet = ['ContainerCreating', 'PodInitializing'];
  const last = terminated ?? container.lastState.terminated;
  const ended =
    last === undefined
      ? ''
      : ` (exit code ${last.exitCode}${last.reason === undefined ? '' : `, ${last.reason}`})`;
  if (waiting?.reason !== undefined && !quiet.includes(waiting.reason))
    return `waits in ${waiting.reason}${ended}`;
  if (terminated !== undefined && terminated.exitCode !== 0) return `ended${ended}`;
  return !container.ready && container.restarts > 0
    ? `has restarted ${container.restarts} times${ended}`
    : null;
}

/** Ended by the kubelet (a failed probe, a rollout) or by itself without an error. */
const orderlyExits = [0, 137, 143];

/**
 * Between two crashes a container runs for a moment, and without a readiness probe, as the worker has none, it counts
 * as ready: one that crashed before and does not answer now is not taken for well.
 */
function crashing({ name, containers }: PodView, asked: readonly HttpView[]): string | null {
  const answers = asked.find(({ pod, gone }) => pod === name && gone !== true)?.answers;
  if (answers === undefined || Object.values(answers).some((answer) => answer !== null)) return null;
  const main = containers.find((container) => container.main);
  const last = main?.lastState.terminated;
  if (main === undefined || last === undefined || orderlyExits.includes(last.exitCode)) return null;
  return `has restarted ${main.restarts} times (exit code ${last.exitCode}) and does not answer`;
}

function podEvidence(pod: PodView, trouble: string): Evidence {
  return {
    source: `pod ${pod.name}`,
    again: podCommand(pod),
    observed: trouble,
    expected: 'Running and ready',
  };
}

function lastWords(logs: readonly LogView[], pod: PodView): Evidence[] {
  const views = logs
    .filter((view) => view.pod === pod.name)
    .toSorted((a, b) => Number(b.previous) - Number(a.previous));
  const [view] = views;
  if (view === undefined) return [];
  const finding = view.findings.at(-1);
  if (finding !== undefined) return [logEvidence(view, finding, 'no error')];
  if (view.lastLine === null) return [];
  return [
    {
      source: `log of pod ${pod.name}`,
      again: logCommand(view),
      observed: view.lastLine,
      expected: 'no error',
    },
  ];
}
