import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { FindingFix } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { workerSilent } from '../../symptoms.ts';
import { envEvidence, failing, logProof, setVariableFix, variableOf } from '../../wording.ts';

const writeMode = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';
const otelBehaviour = 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR';
const previewOptIn = 'LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN';

/** What Langfuse 4 takes where nothing is set, and what the worker does not take together. */
const defaults = { [writeMode]: 'events_only', [otelBehaviour]: 'direct', [previewOptIn]: 'true' } as const;
type Flag = keyof typeof defaults;

interface Refused {
  readonly mode: string;
  readonly with: Flag;
  readonly value: string;
  readonly needs: string;
}

const refused: readonly Refused[] = [
  { mode: 'legacy', with: otelBehaviour, value: 'direct', needs: 'dual_write' },
  { mode: 'events_only', with: otelBehaviour, value: 'dual_write', needs: 'direct' },
  { mode: 'events_only', with: previewOptIn, value: 'false', needs: 'true' },
];

export const configV4ModeCheck = defineCheck({
  id: 'config/v4-mode',
  area: 'config',
  title: 'the switches of Langfuse 4 between old and new tables go together',
  why: 'The worker of Langfuse 4 refuses a write mode with an OTel behaviour or preview switch that contradicts it, and exits at start; web starts all the same, so events are accepted and stay in the queue. legacy alone is refused: the default of the OTel behaviour is direct (worker/src/env.ts of langfuse/langfuse).',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['kube/logs'],
  appliesTo: { generations: [4] },
  explains: ['kube/pods', ...workerSilent],
  evaluate: ({ facts, outcomes }) => {
    const workers = facts['config/env'].filter(({ role }) => role === 'worker');
    for (const env of workers) {
      const pair = refused.find(
        (one) => valueOf(env, writeMode) === one.mode && valueOf(env, one.with) === one.value,
      );
      if (pair === undefined) continue;
      return failing(
        `${writeMode}=${pair.mode} does not go with ${told(env, pair.with)}: the worker exits at start`,
        [
          envEvidence(env, pair.with, told(env, pair.with), `${pair.with}=${pair.needs}`),
          ...logProof(outcomes['kube/logs'], ['env-invalid'], 'no complaint'),
        ],
        fixes(env, pair),
      );
    }
    const names: readonly Flag[] = [writeMode, otelBehaviour, previewOptIn];
    const hidden = workers.flatMap((env) => names.map((name) => hiddenVariable(env, name)));
    const why = hidden.find((one) => one !== null);
    return why == null ? { status: 'ok' } : { status: 'unknown', reason: why };
  },
});

/** What the worker goes by; null where it may not be looked at. */
function valueOf(env: ComponentEnvView, name: Flag): string | null {
  if (hiddenVariable(env, name) !== null) return null;
  const value = variableOf(env, name)?.value ?? '';
  return value === '' ? defaults[name] : value;
}

function told(env: ComponentEnvView, name: Flag): string {
  const isSet = (variableOf(env, name)?.value ?? '') !== '';
  return `${name}=${valueOf(env, name) ?? ''}${isSet ? '' : ' (the default)'}`;
}

function fixes(env: ComponentEnvView, pair: Refused): readonly [FindingFix, ...FindingFix[]] {
  const both = `on web and worker: ${pair.with}=${pair.needs} goes with ${pair.mode}`;
  const set = setVariableFix(env, pair.with, pair.needs);
  return [{ ...set, text: `${set.text}, ${both}` }];
}
