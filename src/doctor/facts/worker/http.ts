import { defineFact, Skipped } from '../../fact.ts';
import { workerHealth, workerJobs } from '../../health.ts';
import type { HttpView, PodView } from '../../views.ts';
import { askPod } from '../_http.ts';

/** The worker's health: Postgres and Redis as the worker itself reaches them, at this moment. */
export const workerHttpFact = defineFact({
  id: 'worker/http',
  needs: ['kube'],
  after: ['deployment/discovery', 'kube/pods'],
  cost: 'read',
  collect: async (context): Promise<readonly HttpView[]> => {
    const deployment = await context.deployment();
    const worker = deployment.components.find((one) => one.role === 'worker');
    if (worker === undefined) throw new Skipped('there is no worker');
    const outcome = context.fact('kube/pods');
    const pods = outcome.status === 'known' ? (outcome.value as readonly PodView[]) : [];
    const running = pods.filter((pod) => pod.part === 'worker' && pod.phase === 'Running' && !pod.deleting);
    return await Promise.all(
      running.map((pod) => askPod(context, { ...pod, port: worker.port }, [workerHealth, workerJobs])),
    );
  },
});
