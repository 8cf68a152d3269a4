import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { PodView } from '../../views.ts';
import { failing, manual, podCommand, workloadText } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const kubeSecretRefsCheck = defineCheck({
  id: 'kube/secret-refs',
  area: 'kube',
  title: 'every Secret and ConfigMap key that the pods refer to exists',
  why: 'A reference to a missing object or key keeps the container from starting: CreateContainerConfigError, without any log.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['kube/pods'],
  explains: [
    'config/required-env',
    'config/database-url',
    'postgres/reachable',
    'postgres/auth',
    'kube/pods',
    ...webSilent,
    ...workerSilent,
  ],
  evaluate: ({ facts, outcomes }) => {
    const envs = facts['config/env'];
    const stuck = outcomes['kube/pods'].status === 'known' ? configErrors(outcomes['kube/pods'].value) : [];
    const [reference] = envs.flatMap(danglingOf);
    if (reference !== undefined) return danglingVerdict(reference, stuck);
    const [error] = stuck;
    if (error !== undefined)
      return failing(error.observed, [error], [manual('create what the message names')]);
    const hidden = envs.flatMap(objectsOf).find((one) => one.why === 'forbidden');
    return hidden === undefined
      ? { status: 'ok' }
      : { status: 'unknown', reason: `forbidden: ${hidden.object}` };
  },
});

/** A reference that leads nowhere. */
interface Dangling {
  readonly env: ComponentEnvView;
  readonly text: string;
  readonly object: string;
  readonly why: 'no-object' | 'no-key' | 'forbidden';
}

/** Objects and keys that the environment names and that gave no value, for whatever reason. */
function objectsOf(env: ComponentEnvView): Dangling[] {
  const keys = env.variables.flatMap(({ name, source }): Dangling[] =>
    source.from === 'missing'
      ? [{ env, text: `${name} needs key ${source.key} of ${source.object}`, ...source }]
      : [],
  );
  const whole = env.unreadable.map((one): Dangling => ({ env, text: `envFrom needs ${one.object}`, ...one }));
  return [...keys, ...whole];
}

function danglingOf(env: ComponentEnvView): Dangling[] {
  return objectsOf(env).filter((one) => one.why !== 'forbidden');
}

function danglingVerdict({ env, text, object, why }: Dangling, stuck: readonly Evidence[]): Verdict {
  const { namespace } = env.workload;
  const what = why === 'no-key' ? 'has no such key' : 'does not exist';
  return failing(
    `${text}, which ${what}`,
    [
      {
        source: workloadText(env.workload),
        again: `kubectl get -n ${namespace} ${object} -o jsonpath='{.data}' | tr ',' '\\n' | cut -d: -f1`,
        observed: what,
        expected: 'the key',
      },
      ...stuck,
    ],
    [
      manual(
        `add it to ${object} of namespace ${namespace}, or correct the reference; the pod starts by itself then`,
      ),
    ],
  );
}

function configErrors(pods: readonly PodView[]): Evidence[] {
  return pods.flatMap((pod) =>
    pod.containers
      .filter((container) => container.state.waiting?.reason === 'CreateContainerConfigError')
      .map((container) => ({
        source: `pod ${pod.name}`,
        again: podCommand(pod),
        observed: `CreateContainerConfigError: ${container.state.waiting?.message ?? ''}`,
        expected: 'Running',
      })),
  );
}
