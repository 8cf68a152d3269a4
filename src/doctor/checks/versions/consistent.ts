import { defineCheck } from '../../check.ts';
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
    const live =
      outcomes['deployment/version'].status === 'known' ? outcomes['deployment/version'].value.live : null;
    if (first === undefined) return { status: 'unknown', reason: 'no image names a version' };
    const hidden = hiddenKind(unknown, workloadKinds, namespace);
    if (other === undefined && hidden !== null) return { status: 'unknown', reason: hidden };
    if (other === undefined) return { status: 'ok', detail: live ?? first.imageVersion ?? '' };
    return failing(
      `${workloadText(first.workload)} runs ${first.imageVersion ?? ''}, ${workloadText(other.workload)} runs ${other.imageVersion ?? ''}`,
      [first, other].map((one) => ({
        source: `image of ${workloadText(one.workload)}`,
        again: `kubectl get -n ${one.workload.namespace} ${workloadText(one.workload)} -o jsonpath='{.spec.template.spec.containers[*].image}'`,
        observed: one.image,
        expected: 'the same tag on web and worker',
      })) as [never, ...never[]],
      [
        manual(
          'give both the same tag: image.tag in the values (langfuse.image.tag in the official chart), web first',
        ),
      ],
    );
  },
});
