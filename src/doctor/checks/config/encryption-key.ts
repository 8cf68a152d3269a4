import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { envEvidence, failing, isSet, logProof, manual, variableOf } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

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
    for (const env of envs) {
      const shape = variableOf(env, 'ENCRYPTION_KEY')?.shape;
      if (shape == null || !isSet(env, 'ENCRYPTION_KEY') || (shape.length === 64 && shape.hex)) continue;
      const observed = shape.length === 64 ? '64 characters, not all 0-9a-f' : `${shape.length} characters`;
      return failing(
        `ENCRYPTION_KEY of ${env.role} has ${observed}`,
        [
          envEvidence(env, 'ENCRYPTION_KEY', observed, '64 characters 0-9a-f'),
          ...logProof(outcomes['kube/logs'], ['encryption-key'], 'no complaint'),
        ],
        [
          manual(
            'put back the key that this deployment was started with: another key makes stored credentials unreadable',
          ),
          manual('only where nothing is stored yet, make a new one', 'openssl rand -hex 32'),
        ],
      );
    }
    const hidden = envs.map((env) => hiddenVariable(env, 'ENCRYPTION_KEY')).find((why) => why !== null);
    return hidden === undefined ? { status: 'ok' } : { status: 'unknown', reason: hidden };
  },
});
