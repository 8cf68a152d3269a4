import { inertVariables } from '../../../deployment/variables.ts';
import { defineCheck } from '../../check.ts';
import { envEvidence, failing, isSet, manual, workloadText } from '../../wording.ts';

export const configInertEnvCheck = defineCheck({
  id: 'config/inert-env',
  area: 'config',
  title: 'no variable is set in vain',
  why: 'Names that no release reads look like settings and change nothing; some of them stand in runbooks. A house name beside the one that works is fine.',
  severity: 'info',
  uses: ['config/env'],
  explains: [],
  evaluate: ({ facts, generation }) => {
    const found = facts['config/env'].flatMap((env) =>
      inertVariables
        .filter((inert) => generation === null || (inert.generations ?? [2, 3, 4]).includes(generation))
        .filter((inert) => isSet(env, inert.name) && !inert.use.some((name) => isSet(env, name)))
        .filter(
          (inert) => inert.name !== 'LANGFUSE_HTTP_HEADERS_TIMEOUT_MS' || !isSet(env, 'KEEP_ALIVE_TIMEOUT'),
        )
        .map((inert) => ({ env, inert })),
    );
    const [first, ...rest] = found;
    const hidden = facts['config/env']
      .flatMap((env) => env.unreadable)
      .find((one) => one.why === 'forbidden');
    if (first === undefined)
      return hidden === undefined
        ? { status: 'ok' }
        : { status: 'unknown', reason: `forbidden: ${hidden.object} may hold more variables` };
    const names = [...new Set(found.map(({ inert }) => inert.name))];
    return failing(
      `${names.join(', ')}: set, and read by no release`,
      [
        envEvidence(first.env, first.inert.name, 'set', first.inert.why),
        ...rest.map(({ env, inert }) => envEvidence(env, inert.name, 'set', inert.why)),
      ],
      [
        manual(
          first.inert.use.length === 0
            ? `remove ${first.inert.name}`
            : `set ${first.inert.use.join(', ')} instead on ${workloadText(first.env.workload)}`,
        ),
      ],
    );
  },
});
