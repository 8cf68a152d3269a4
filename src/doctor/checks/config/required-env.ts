import type { RequiredVariable } from '../../../deployment/variables.ts';
import { requiredVariables } from '../../../deployment/variables.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import {
  envEvidence,
  failing,
  isSet,
  logProof,
  setVariableFix,
  variableOf,
  workloadText,
} from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

/** A variable that a component needs and does not have. */
interface Lacking {
  readonly env: ComponentEnvView;
  readonly required: RequiredVariable;
}

export const configRequiredEnvCheck = defineCheck({
  id: 'config/required-env',
  area: 'config',
  title: 'web and worker have every variable they need',
  why: 'A missing variable is a crash loop or a web that answers 500 to everything, its own health included. An empty value counts as missing.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['kube/logs'],
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes, generation }) => {
    const needed = requiredVariables.filter((one) => neededIn(one, generation));
    const lacking = facts['config/env'].flatMap((env) =>
      needed.filter((required) => lacks(env, required)).map((required) => ({ env, required })),
    );
    const missing = lacking.filter(({ env, required }) => hiddenNames(env, required) === null);
    const [first] = missing;
    if (first !== undefined)
      return notSet(
        [first, ...missing.slice(1)],
        logProof(outcomes['kube/logs'], complaints, 'no complaint'),
      );
    const [hidden] = lacking.map(({ env, required }) => hiddenNames(env, required));
    return hidden == null ? { status: 'ok' } : { status: 'unknown', reason: hidden };
  },
});

const complaints = [
  'env-invalid',
  'database-url-missing',
  'clickhouse-url-missing',
  'clickhouse-env-missing',
];

/** Where the generation is not known, only what each of them needs. */
function neededIn({ generations }: RequiredVariable, generation: 2 | 3 | 4 | null): boolean {
  return generation === null ? generations.length === 3 : generations.includes(generation);
}

function notSet(missing: readonly [Lacking, ...Lacking[]], proof: readonly Evidence[]): Verdict {
  const [{ env, required }] = missing;
  const list = missing.map((one) => `${one.required.name} (${workloadText(one.env.workload)})`);
  return failing(
    `${list.join(', ')} ${list.length === 1 ? 'is' : 'are'} not set: ${required.without}`,
    [envEvidence(env, required.name, 'not set', 'a value'), ...proof],
    [setVariableFix(env, required.name, '<value>')],
  );
}

/** Neither set nor known to come from elsewhere. */
function lacks(env: ComponentEnvView, { name, roles, or = [] }: RequiredVariable): boolean {
  return roles.includes(env.role) && ![[name], ...or].some((names) => names.every((one) => given(env, one)));
}

/** A reference to a key that does not exist is another check's: the container does not even start. */
function given(env: ComponentEnvView, asked: string): boolean {
  const [name = '', value] = asked.split('=');
  const variable = variableOf(env, name);
  if (value !== undefined && variable?.value != null) return variable.value === value;
  return isSet(env, name) || (variable?.source.from === 'missing' && variable.source.why !== 'forbidden');
}

/** Why it may be set all the same: it, or another way to give it, stands where lfctl may not look. */
function hiddenNames(env: ComponentEnvView, { name, or = [] }: RequiredVariable): string | null {
  const ways = [[name], ...or].map((names) => {
    const others = names
      .filter((one) => !given(env, one))
      .map((one) => hiddenVariable(env, one.split('=')[0] ?? ''));
    return others.every((why) => why !== null) ? (others[0] ?? null) : null;
  });
  return ways.find((why) => why !== null) ?? null;
}
