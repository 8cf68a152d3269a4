/** The end of the overlap: the old key is seen idle, and revoked. */
import { LfctlError } from '../../../errors/error.ts';
import type { Secret } from '../../../deployment/secret.ts';
import type { Step } from '../../../plan/plan.ts';
import { revokeKeyStep } from '../../revoke.ts';
import { drain } from '../drain.ts';
import { oldPair } from '../pairs.ts';
import { dropExpired } from '../previous.ts';
import type { Work } from '../work.ts';

/** Waits until nobody uses the old key. */
export function drainStep(work: Work): Step {
  const { rotation, waits } = work;
  const seconds = `${String(Math.ceil(waits.graceMs / 1000))} s`;
  return {
    id: `idle:${rotation.publicKey}`,
    text: waits.isSeen
      ? `wait until ${rotation.publicKey} has not been used for ${seconds}`
      : `wait ${seconds}: whether ${rotation.publicKey} is used cannot be seen here`,
    undo: 'nothing to take back',
    apply: async (control) => ({ ...(await drain(work, control)) }),
    revert: () => Promise.resolve(),
  };
}

/** Revokes the old key as `key revoke` does; its row stays in the journal, its pair beside the consumers. */
export function revokeStep(work: Work): Step {
  const { rotation, tenancy, kube } = work;
  const made = (secretKey: Secret | null): Step =>
    revokeKeyStep(tenancy, { stored: rotation.old, secretKey }).step;
  return {
    ...made(null),
    apply: async (control) => {
      const record = await made(await oldSecret(work)).apply(control);
      const namespaces = rotation.secrets.map(({ namespace }) => namespace);
      await dropExpired(kube, namespaces, tenancy.now()).catch(ignoreRefusal);
      return record;
    },
    revert: async (record, control) => await made(await oldSecret(work)).revert?.(record, control),
  };
}

/** Without it web is asked whether it knows the row, and not as a client would. */
async function oldSecret(work: Work): Promise<Secret | null> {
  try {
    return (await oldPair(work)).secretKey;
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'ROTATE_PAIR_LOST') return null;
    throw error;
  }
}

/** What could not be tidied up today is tidied up by the next rotation. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof LfctlError)) throw error;
}
