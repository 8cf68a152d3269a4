/** The steps that make consumers run with the new pair, and with the old one again. */
import { createHmac } from 'node:crypto';
import type { Step } from '../../../plan/plan.ts';
import type { KeyPair } from '../../pair.ts';
import type { Restarted } from '../input.ts';
import { newPair, oldPair } from '../pairs.ts';
import { digest } from '../previous.ts';
import type { RestartMark } from '../rollout.ts';
import { markOn, restart } from '../rollout.ts';
import { consumerText } from '../survey.ts';
import { waitForRollouts } from '../wait.ts';
import type { Work } from '../work.ts';
import { requireNew } from './secret.ts';

const markDigits = 12;

/**
 * One annotation per key, for a workload that reads several. Its value tells the pair that its pods run with: the
 * public key alone does not, a run that was killed may make another secret for it. Nobody without the old secret
 * can compare it with anything.
 */
async function markFor(work: Work, { publicKey, secretKey }: KeyPair): Promise<RestartMark> {
  const old = await oldPair(work);
  const text = createHmac('sha256', old.secretKey.reveal())
    .update(`${publicKey}:${secretKey.reveal()}`)
    .digest('hex')
    .slice(0, markDigits);
  return {
    name: `lfctl.dev/key-${digest(old.publicKey)}`,
    value: `${publicKey} ${text}`,
    former: `${old.publicKey} `,
  };
}

/**
 * Stands before the Secrets are written, so that undoing comes to it after they were written back: then those
 * who had been restarted are restarted once more.
 */
export function returnStep(work: Work): Step {
  const { rotation, kube, tenancy } = work;
  const { publicKey, restarts } = rotation;
  const names = restarts.map(consumerText);
  return {
    id: `consumers:${publicKey}`,
    text: `note who runs with ${publicKey}: ${names.join(', ')}`,
    undo: 'restart them once more, with the old pair, and wait until they run with it',
    apply: () => Promise.resolve({ consumers: names }),
    revert: async (_record, control) => {
      const mark = await markFor(work, await oldPair(work));
      const touched: Restarted[] = [];
      for (const one of restarts) {
        // The mark alone does not tell: the next rotation, or whoever applies the manifest, takes it away.
        const isBegun = work.begun?.has(restartId(work, one)) === true;
        if (!isBegun && (await markOn(kube, one, mark)) === null) continue;
        await restart(kube, one, mark, tenancy.now());
        touched.push(one);
      }
      await waitForRollouts(work, touched, mark, control);
    },
  };
}

const restartId = ({ rotation: { publicKey } }: Work, workload: Restarted): string =>
  `restart:${consumerText(workload)}:${publicKey}`;

/** Restarts one workload, once every Secret that it reads holds the new pair. */
export function restartStep(work: Work, workload: Restarted): Step {
  const { rotation, kube, tenancy } = work;
  const text = consumerText(workload);
  return {
    id: restartId(work, workload),
    text: `restart ${text}`,
    undo: 'restarted with the old pair once its Secrets hold it',
    recheck: async () => {
      const near = rotation.secrets.filter(({ namespace }) => namespace === workload.namespace);
      for (const held of near) await requireNew(work, held);
    },
    apply: async () => await restart(kube, workload, await markFor(work, await newPair(work)), tenancy.now()),
    // `returnStep` does it, after the Secrets.
    revert: () => Promise.resolve(),
  };
}

/** Waits until no pod is left that was started with the old pair. */
export function adoptStep(work: Work): Step {
  const { rotation } = work;
  const names = rotation.restarts.map(consumerText).join(', ');
  return {
    id: `adopted:${rotation.publicKey}`,
    text: `wait until ${names} runs with the new pair alone`,
    undo: 'nothing to take back',
    apply: async (control) => {
      const mark = await markFor(work, await newPair(work));
      return { pods: await waitForRollouts(work, rotation.restarts, mark, control) };
    },
    revert: () => Promise.resolve(),
  };
}
