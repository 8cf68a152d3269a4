import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { envEvidence, failing, isSet, logProof, manual, variableOf } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

const name = 'ENCRYPTION_KEY';

export const configEncryptionKeyCheck = defineCheck({
  id: 'config/encryption-key',
  area: 'config',
  title: 'ENCRYPTION_KEY is 64 hexadecimal characters',
  why: 'Another length stops web and worker from starting; 64 characters that are not hexadecimal break at the first use of a stored credential.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['kube/logs'],
  explains: ['kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes }) => {
    const envs = facts['config/env'];
    const wrong = envs.map((env) => ({ env, fault: faultOf(env) })).find(({ fault }) => fault !== null);
    if (wrong !== undefined)
      return wrongKey(
        wrong.env,
        wrong.fault ?? '',
        logProof(outcomes['kube/logs'], ['encryption-key'], 'no complaint'),
      );
    const hidden = envs.map((env) => hiddenVariable(env, name)).find((why) => why !== null);
    return hidden === undefined ? { status: 'ok' } : { status: 'unknown', reason: hidden };
  },
});

function faultOf(env: ComponentEnvView): string | null {
  const shape = variableOf(env, name)?.shape;
  if (shape == null || !isSet(env, name) || (shape.length === 64 && shape.hex)) return null;
  return shape.length === 64 ? '64 characters, not all 0-9a-f' : `${shape.length} characters`;
}

function wrongKey(env: ComponentEnvView, observed: string, proof: readonly Evidence[]): Verdict {
  return failing(
    `ENCRYPTION_KEY of ${env.role} has ${observed}`,
    [envEvidence(env, name, observed, '64 characters 0-9a-f'), ...proof],
    [
      manual(
        'put back the key that this deployment was started with: another key makes stored credentials unreadable',
      ),
      manual('only where nothing is stored yet, make a new one', 'openssl rand -hex 32'),
    ],
  );
}
