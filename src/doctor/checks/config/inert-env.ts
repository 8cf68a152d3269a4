import type { Reading } from '../../../deployment/reading.ts';
import { readingOf } from '../../../deployment/reading.ts';
import { inertFor } from '../../../deployment/inert-variables.ts';
import type { Generation } from '../../../deployment/model.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Evidence, FindingFix, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { envEvidence, failing, isSet, manual, variableOf, workloadText } from '../../wording.ts';

export const configInertEnvCheck = defineCheck({
  id: 'config/inert-env',
  area: 'config',
  title: 'no variable is set in vain',
  why: 'Names that this version does not read look like settings and change nothing; some of them stand in runbooks, some belong to another version. A house name beside the one that works is fine.',
  severity: 'info',
  uses: ['config/env'],
  explains: [],
  evaluate: ({ facts, generation, version }) => {
    const envs = facts['config/env'];
    const [first, ...rest] = envs.flatMap((env) => vainOf(env, { generation, version }));
    if (first !== undefined) return inVain([first, ...rest]);
    const hidden = envs.flatMap((env) => env.unreadable).find((one) => one.why === 'forbidden');
    return hidden === undefined
      ? { status: 'ok' }
      : { status: 'unknown', reason: `forbidden: ${hidden.object} may hold more variables` };
  },
});

interface Vain {
  readonly env: ComponentEnvView;
  readonly name: string;
  readonly reading: Reading;
}

interface Release {
  readonly generation: Generation | null;
  readonly version: string | null;
}

/** Set, and read by neither web nor worker of this release; not where what it means is set as well. */
function vainOf(env: ComponentEnvView, release: Release): Vain[] {
  return env.variables
    .filter(({ name }) => isSet(env, name))
    .map(({ name }) => ({ env, name, reading: readingOf(name, env.role, release) }))
    .filter(({ name, reading }) => {
      const other = readingOf(name, env.role === 'web' ? 'worker' : 'web', release);
      return reading.read === false && other.read === false && !isMeant(env, name, release.generation);
    });
}

/** What it asks for holds: by the name that works, or because it is so anyway. */
function isMeant(env: ComponentEnvView, name: string, generation: Generation | null): boolean {
  const inert = inertFor(name, generation);
  if (inert === undefined) return false;
  const harmless = inert.harmless !== undefined && variableOf(env, name)?.value === inert.harmless;
  const headers = name === 'LANGFUSE_HTTP_HEADERS_TIMEOUT_MS' && isSet(env, 'KEEP_ALIVE_TIMEOUT');
  return harmless || headers || inert.use.some((one) => isSet(env, one));
}

function inVain([first, ...rest]: readonly [Vain, ...Vain[]]): Verdict {
  const names = [...new Set([first, ...rest].map(({ name }) => name))];
  const others = rest.filter(
    ({ name }, index) => name !== first.name && rest.findIndex((one) => one.name === name) === index,
  );
  return failing(
    `${names.join(', ')}: set, and not read by this version`,
    [evidenceOf(first), ...rest.map(evidenceOf)],
    [fixOf(first), ...others.map(fixOf)],
  );
}

function evidenceOf({ env, name, reading }: Vain): Evidence {
  return envEvidence(env, name, 'set', reading.why ?? 'a name that is read');
}

function fixOf({ env, name, reading }: Vain): FindingFix {
  return manual(
    reading.use.length === 0
      ? `remove ${name}`
      : `set ${reading.use.join(', ')} instead of ${name} on ${workloadText(env.workload)}`,
  );
}
