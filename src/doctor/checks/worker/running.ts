import type { ComponentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenKind, workloadKinds } from '../../hidden.ts';
import type { PodView } from '../../views.ts';
import { failing, manual, podsOfPart, workloadText } from '../../wording.ts';

export const workerRunningCheck = defineCheck({
  id: 'worker/running',
  area: 'worker',
  title: 'a worker runs',
  why: 'Web accepts events with 207 and puts them aside; only the worker makes them traces. Without it nothing is lost and nothing arrives.',
  severity: 'critical',
  uses: ['deployment/discovery', 'kube/pods'],
  appliesTo: { generations: [3, 4] },
  explains: ['worker/health', 'worker/consuming', 'queue/backlog', 'queue/failed'],
  evaluate: ({ facts }) => {
    const { components, namespace, unknown } = facts['deployment/discovery'];
    const workers = components.filter((one) => one.role === 'worker');
    const [worker] = workers;
    const hidden = hiddenKind(unknown, workloadKinds, namespace);
    if (worker === undefined)
      return hidden === null ? noWorker(namespace) : { status: 'unknown', reason: hidden };
    if (workers.every((one) => one.desiredReplicas === 0)) return scaledToZero(worker);
    const pods = podsOfPart(facts['kube/pods'], 'worker');
    const running = pods.filter(isRunning);
    return running.length > 0
      ? { status: 'ok', detail: `${running.length} of ${worker.desiredReplicas}` }
      : noneRuns(worker, pods);
  },
});

function isRunning(pod: PodView): boolean {
  return pod.phase === 'Running' && pod.containers.some((one) => one.main && one.state.running !== undefined);
}

function noWorker(namespace: string): Verdict {
  return failing(
    `no worker was found in namespace ${namespace}`,
    [
      {
        source: 'workloads',
        again: `kubectl get deployments -n ${namespace}`,
        observed: 'none runs langfuse-worker',
        expected: 'a Deployment with image langfuse/langfuse-worker',
      },
    ],
    [manual('install the worker: Langfuse 3 and later need it beside web')],
  );
}

function scaledToZero({ workload }: ComponentView): Verdict {
  const name = workloadText(workload);
  return failing(
    `${name} is scaled to zero: traces are accepted and wait in Redis`,
    [
      {
        source: name,
        again: `kubectl get -n ${workload.namespace} ${name} -o jsonpath='{.spec.replicas}'`,
        observed: '0',
        expected: 'at least 1',
      },
    ],
    [manual('scale it up', `kubectl scale -n ${workload.namespace} ${name} --replicas=1`)],
  );
}

function noneRuns({ workload }: ComponentView, pods: readonly PodView[]): Verdict {
  const name = workloadText(workload);
  return failing(
    `no pod of ${name} runs`,
    [
      {
        source: name,
        again: `kubectl get pods -n ${workload.namespace}`,
        observed: pods.map((pod) => `${pod.name} ${pod.phase}`).join(', ') || 'no pod',
        expected: 'a running pod',
      },
    ],
    [manual('see why', `kubectl describe -n ${workload.namespace} ${name}`)],
    { confidence: 0.5 },
  );
}
