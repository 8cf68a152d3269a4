/** What faults wait for, so that a change has arrived when `sandbox break` comes back. */
import type { Pod } from '../../ports/kube-objects.ts';
import type { FaultContext } from '../fault.ts';
import type { Restarts } from './_places.ts';
import { appContainer, podsOf } from './_places.ts';

/** Waits until some pod of the workload satisfies the condition. */
export async function untilPod(
  context: FaultContext,
  which: Restarts,
  what: string,
  condition: (pod: Pod) => boolean,
): Promise<void> {
  await context.until(what, async () => (await podsOf(context, which)).some(condition));
}

/** A container was started again and is not ready. */
export const hasCrashed = (pod: Pod): boolean =>
  (pod.status?.containerStatuses ?? []).some((status) => status.restartCount > 0 && !status.ready);

/** A container waits for a reason such as CrashLoopBackOff. */
export const waitsIn =
  (pattern: RegExp) =>
  (pod: Pod): boolean =>
    (pod.status?.containerStatuses ?? []).some((status) => pattern.test(status.state?.waiting?.reason ?? ''));

/** Waits until the log of a pod of the workload holds the text. */
export async function untilLog(context: FaultContext, which: Restarts, pattern: RegExp): Promise<void> {
  await context.until(`a log of ${which} says ${pattern.source}`, async () => {
    const pods = await podsOf(context, which);
    const texts = pods.flatMap((pod) =>
      [false, true].map((previous) =>
        context.kube
          .logs(
            pod.metadata.namespace ?? '',
            pod.metadata.name,
            appContainer(pod.spec.containers).name,
            previous,
          )
          .catch(() => ''),
      ),
    );
    return (await Promise.all(texts)).some((text) => pattern.test(text));
  });
}
