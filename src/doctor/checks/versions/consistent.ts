import type { ComponentView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import { hiddenKind, workloadKinds } from '../../hidden.ts';
import { failing, manual, workloadText } from '../../wording.ts';

export const versionsConsistentCheck = defineCheck({
  id: 'versions/consistent',
  area: 'versions',
  title: 'web and worker run the same version',
  why: 'Web makes the schema, the worker writes by its own idea of it. A mix is supported only for the minutes of an upgrade.',
  severity: 'error',
  uses: ['deployment/discovery'],
  sees: ['deployment/version'],
  appliesTo: { generations: [3, 4] },
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const { components, namespace, unknown } = facts['deployment/discovery'];
    const tagged = components.filter((one) => one.imageVersion !== null);
    const [first] = tagged;
    const other = tagged.find((one) => one.imageVersion !== first?.imageVersion);
    if (first === undefined) return { status: 'unknown', reason: 'no image names a version' };
    if (other !== undefined) return mixed(first, other);
    const hidden = hiddenKind(unknown, workloadKinds, namespace);
    if (hidden !== null) return { status: 'unknown', reason: hidden };
    const untagged = components.find((one) => one.imageVersion === null);
    if (untagged !== undefined)
      return {
        status: 'unknown',
        reason: `the image of ${workloadText(untagged.workload)} names no version`,
      };
    return {
      status: 'ok',
      detail: valueOf(outcomes['deployment/version'])?.live ?? first.imageVersion ?? '',
    };
  },
});

function mixed(first: ComponentView, other: ComponentView): Verdict {
  const evidence = ({ workload, image }: ComponentView): Evidence => ({
    source: `image of ${workloadText(workload)}`,
    again: `kubectl get -n ${workload.namespace} ${workloadText(workload)} -o jsonpath='{.spec.template.spec.containers[*].image}'`,
    observed: image,
    expected: 'the same tag on web and worker',
  });
  return failing(
    `${workloadText(first.workload)} runs ${first.imageVersion ?? ''}, ${workloadText(other.workload)} runs ${other.imageVersion ?? ''}`,
    [evidence(first), evidence(other)],
    [
      manual(
        'give both the same tag: image.tag in the values (langfuse.image.tag in the official chart), web first',
      ),
    ],
  );
}
