import type { RequiredVariable } from '../../../deployment/variables.ts';
import { requiredVariables } from '../../../deployment/variables.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
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
    const lacking = facts['config/env'].flatMap((env) =>
      lackingOf(env, generation ?? 3).map((required) => ({ env, required })),
    );
    const missing = lacking.filter(({ env, required }) => hiddenNames(env, required) === null);
    const [first] = missing;
    const [hidden] = lacking.map(({ env, required }) => hiddenNames(env, required));
    if (first === undefined) return hidden == null ? { status: 'ok' } : { status: 'unknown', reason: hidden };
    const list = missing.map(({ env, required }) => `${required.name} (${workloadText(env.workload)})`);
    return failing(
      `${list.join(', ')} ${list.length === 1 ? 'is' : 'are'} not set: ${first.required.without}`,
      [
        envEvidence(first.env, first.required.name, 'not set', 'a value'),
        ...logProof(outcomes['kube/logs'], complaints, 'no complaint'),
      ],
      [setVariableFix(first.env, first.required.name, '<value>')],
    );
  },
});

const complaints = ['env-invalid', 'database-url-missing', 'clickhouse-url-missing'];

/** What is neither set nor known to come from elsewhere. */
function lackingOf(env: ComponentEnvView, generation: 2 | 3 | 4): typeof requiredVariables {
  return requiredVariables
    .filter((required) => required.roles.includes(env.role) && required.generations.includes(generation))
    .filter(({ name, or }) => !given(env, name) && !(or?.every((one) => given(env, one)) === true));
}

/** A reference to a key that does not exist is another check's: the container does not even start. */
function given(env: ComponentEnvView, name: string): boolean {
  const source = variableOf(env, name)?.source;
  return isSet(env, name) || (source?.from === 'missing' && source.why !== 'forbidden');
}

/** Why it may be set all the same: it, or the other way to give it, stands where lfctl may not look. */
function hiddenNames(env: ComponentEnvView, { name, or = [] }: RequiredVariable): string | null {
  const others = or.filter((one) => !given(env, one)).map((one) => hiddenVariable(env, one));
  const byParts = others.length > 0 && others.every((why) => why !== null) ? others[0] : null;
  return hiddenVariable(env, name) ?? byParts ?? null;
}
