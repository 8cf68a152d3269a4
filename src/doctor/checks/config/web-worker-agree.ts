import { readingOf } from '../../../deployment/reading.ts';
import { sharedVariables } from '../../../deployment/variables.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { envEvidence, failing, manual, variableOf, workloadText } from '../../wording.ts';

const bothRoles = ['web', 'worker'] as const;

export const configWebWorkerAgreeCheck = defineCheck({
  id: 'config/web-worker-agree',
  area: 'config',
  title: 'web and worker look at the same stores',
  why: 'Web puts events into a bucket and a queue, the worker takes them out: with another bucket, prefix, database or key prefix every part is healthy and no trace arrives.',
  severity: 'error',
  uses: ['config/env'],
  appliesTo: { generations: [3, 4] },
  explains: ['queue/failed', 'queue/backlog', 'worker/consuming', 'worker/health'],
  evaluate: ({ facts, generation, version }) => {
    const shared = sharedVariables.filter((name) =>
      bothRoles.every((role) => readingOf(name, role, { generation, version }).read !== false),
    );
    const webs = facts['config/env'].filter((env) => env.role === 'web');
    const workers = facts['config/env'].filter((env) => env.role === 'worker');
    if (webs.length === 0 || workers.length === 0)
      return { status: 'skipped', reason: 'one of them was not found' };
    const [pair] = webs.flatMap((web) => workers.flatMap((worker) => differing(web, worker, shared)));
    if (pair !== undefined) return disagree(pair);
    const hidden = [...webs, ...workers].flatMap((env) => shared.map((name) => hiddenVariable(env, name)));
    const why = hidden.find((one) => one !== null);
    return why === undefined ? { status: 'ok' } : { status: 'unknown', reason: why };
  },
});

interface Differing {
  readonly web: ComponentEnvView;
  readonly worker: ComponentEnvView;
  readonly names: readonly [string, ...string[]];
}

function differing(web: ComponentEnvView, worker: ComponentEnvView, shared: readonly string[]): Differing[] {
  const [first, ...rest] = shared.filter((name) => differs(web, worker, name));
  return first === undefined ? [] : [{ web, worker, names: [first, ...rest] }];
}

function disagree({ web, worker, names: [first, ...rest] }: Differing): Verdict {
  const evidence = (name: string) =>
    envEvidence(worker, name, describe(worker, name), `${describe(web, name)}, as on web`);
  return failing(
    `${workloadText(web.workload)} and ${workloadText(worker.workload)} differ in ${[first, ...rest].join(', ')}`,
    [evidence(first), ...rest.map(evidence)],
    [
      manual(
        'give both the same values, from one Secret, and restart the one that changes',
        `lfctl env --component worker`,
      ),
    ],
  );
}

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
