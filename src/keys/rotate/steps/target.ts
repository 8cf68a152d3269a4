import type { Step } from '../../../plan/plan.ts';
import type { SecretPlace } from '../../deliver.ts';
import { fromSecret, intoSecret, usualNames } from '../../deliver.ts';
import { newPair } from '../pairs.ts';
import type { Work } from '../work.ts';

/** Puts the new pair into a Secret of its own, for consumers that lfctl does not write. */
export function targetStep(
  work: Work,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Step {
  const { rotation, tenancy } = work;
  const place: SecretPlace = { kind: 'secret', namespace, name, names: usualNames };
  return {
    id: `to-secret:${namespace}/${name}:${rotation.publicKey}`,
    text: `put the new pair into Secret ${namespace}/${name}`,
    undo: 'take it out again',
    apply: async () => await intoSecret(tenancy, place, await newPair(work)),
    revert: async (record) => await fromSecret(tenancy, place, record),
  };
}
