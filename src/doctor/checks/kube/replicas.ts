import { defineCheck } from '../../check.ts';
import { failing, manual, webComponents, workloadText } from '../../wording.ts';
import { webSilent } from '../../symptoms.ts';

export const kubeReplicasCheck = defineCheck({
  id: 'kube/replicas',
  area: 'kube',
  title: 'web has replicas',
  why: 'Scaled to zero nothing answers, and no pod is there to show an error.',
  severity: 'critical',
  uses: ['deployment/discovery'],
  explains: ['kube/pods', ...webSilent],
  evaluate: ({ facts }) => {
    const webs = webComponents(facts['deployment/discovery']);
    if (webs.some((web) => web.desiredReplicas > 0)) return { status: 'ok' };
    const [web] = webs;
    if (web === undefined) return { status: 'unknown', reason: 'no web component was found' };
    const { namespace } = web.workload;
    return failing(
      `${workloadText(web.workload)} is scaled to zero`,
      [
        {
          source: workloadText(web.workload),
          again: `kubectl get -n ${namespace} ${workloadText(web.workload)} -o jsonpath='{.spec.replicas}'`,
          observed: '0',
          expected: 'at least 1',
        },
      ],
      [manual('scale it up', `kubectl scale -n ${namespace} ${workloadText(web.workload)} --replicas=1`)],
    );
  },
});
