import type { WorkloadRef } from '../../../deployment/model.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import { webSilent } from '../../symptoms.ts';
import { failing, manual, webComponents, workloadText } from '../../wording.ts';

export const kubeReplicasCheck = defineCheck({
  id: 'kube/replicas',
  area: 'kube',
  title: 'web has replicas',
  why: 'Scaled to zero nothing answers, and no pod is there to show an error. Of several web Deployments each that a Service leads to needs one: another one does not take its calls.',
  severity: 'critical',
  uses: ['deployment/discovery'],
  sees: ['kube/endpoints'],
  explains: ['kube/pods', ...webSilent],
  evaluate: ({ facts, outcomes }) => {
    const webs = webComponents(facts['deployment/discovery']);
    const [web] = webs;
    if (web === undefined) return { status: 'unknown', reason: 'no web component was found' };
    if (webs.every(({ desiredReplicas }) => desiredReplicas === 0)) return atZero(web.workload, '');
    const views = (valueOf(outcomes['kube/endpoints']) ?? []).filter(({ part }) => part === 'web');
    const empty = views.find(({ workload }) => workload?.replicas === 0);
    const behind = webs.find(({ workload }) => workload.name === empty?.workload?.name);
    if (empty === undefined || behind === undefined) return { status: 'ok' };
    return atZero(behind.workload, `: nothing is behind service ${empty.service}`);
  },
});

function atZero(workload: WorkloadRef, more: string): Verdict {
  const { namespace } = workload;
  const name = workloadText(workload);
  return failing(
    `${name} is scaled to zero${more}`,
    [
      {
        source: name,
        again: `kubectl get -n ${namespace} ${name} -o jsonpath='{.spec.replicas}'`,
        observed: '0',
        expected: 'at least 1',
      },
    ],
    [manual('scale it up', `kubectl scale -n ${namespace} ${name} --replicas=1`)],
  );
}
