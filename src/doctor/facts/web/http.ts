import { defineFact, Skipped } from '../../fact.ts';
import type { HttpView, PodView } from '../../views.ts';
import { askPod, askUrl } from '../_http.ts';

const paths = [
  '/api/public/health',
  '/api/public/health?failIfDatabaseUnavailable=true',
  '/api/public/ready',
];

/** Health with and without the database, and readiness, asked of each running web pod itself. */
export const webHttpFact = defineFact({
  id: 'web/http',
  needs: ['kube'],
  after: ['deployment/discovery', 'kube/pods'],
  cost: 'read',
  collect: async (context): Promise<readonly HttpView[]> => {
    const { url } = context.settings;
    if (url !== null && context.fact('deployment/discovery').status !== 'known')
      return [await askUrl(context, url.value, paths)];
    const deployment = await context.deployment();
    const web = deployment.components.filter((one) => one.role === 'web');
    if (web.length === 0) throw new Skipped('no web component was found');
    const outcome = context.fact('kube/pods');
    const pods = outcome.status === 'known' ? (outcome.value as readonly PodView[]) : [];
    const running = pods.filter((pod) => pod.part === 'web' && pod.phase === 'Running' && !pod.deleting);
    const port = web[0]?.port ?? 3000;
    return await Promise.all(running.map((pod) => askPod(context, { ...pod, port }, paths)));
  },
});
