import { sharedVariables } from '../../../deployment/variables.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { envEvidence, failing, manual, variableOf, workloadText } from '../../wording.ts';

export const configWebWorkerAgreeCheck = defineCheck({
  id: 'config/web-worker-agree',
  area: 'config',
  title: 'web and worker look at the same stores',
  why: 'Web puts events into a bucket and a queue, the worker takes them out: with another bucket, prefix, database or key prefix every part is healthy and no trace arrives.',
  severity: 'error',
  uses: ['config/env'],
  appliesTo: { generations: [3, 4] },
  explains: ['queue/failed', 'queue/backlog', 'worker/consuming', 'worker/health'],
  evaluate: ({ facts }) => {
    const webs = facts['config/env'].filter((env) => env.role === 'web');
    const workers = facts['config/env'].filter((env) => env.role === 'worker');
    if (webs.length === 0 || workers.length === 0)
      return { status: 'skipped', reason: 'one of them was not found' };
    for (const web of webs)
      for (const worker of workers) {
        const differing = sharedVariables.filter((name) => differs(web, worker, name));
        const [first, ...rest] = differing;
        if (first === undefined) continue;
        return failing(
          `${workloadText(web.workload)} and ${workloadText(worker.workload)} differ in ${differing.join(', ')}`,
          [
            envEvidence(worker, first, describe(worker, first), `${describe(web, first)}, as on web`),
            ...rest.map((name) =>
              envEvidence(worker, name, describe(worker, name), `${describe(web, name)}, as on web`),
            ),
          ],
          [
            manual(
              'give both the same values, from one Secret, and restart the one that changes',
              `lfctl env --component worker`,
            ),
          ],
        );
      }
    const hidden = [...webs, ...workers].flatMap((env) =>
      sharedVariables.map((name) => hiddenVariable(env, name)),
    );
    const why = hidden.find((one) => one !== null);
    return why === undefined ? { status: 'ok' } : { status: 'unknown', reason: why };
  },
});

/** Different values, or set on one side alone; a value that cannot be read is not compared. */
function differs(web: ComponentEnvView, worker: ComponentEnvView, name: string): boolean {
  const left = variableOf(web, name);
  const right = variableOf(worker, name);
  const readable = [left, right].every(
    (one) => one?.source.from !== 'missing' && one?.source.from !== 'field',
  );
  const complete = web.unreadable.length === 0 && worker.unreadable.length === 0;
  if (!readable || (!complete && (left === undefined || right === undefined))) return false;
  return (left?.fingerprint ?? null) !== (right?.fingerprint ?? null);
}

function describe(env: ComponentEnvView, name: string): string {
  const variable = variableOf(env, name);
  if (variable?.fingerprint == null) return 'not set';
  return variable.value ?? `fingerprint ${variable.fingerprint}`;
}
