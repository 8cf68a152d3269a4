import { defineCheck } from '../../check.ts';
import { failing, manual } from '../../wording.ts';

export const litellmCallbacksCheck = defineCheck({
  id: 'litellm/callbacks',
  area: 'litellm',
  title: 'LiteLLM sends successes and failures to Langfuse',
  why: "success_callback and failure_callback must both name langfuse, or callbacks names langfuse_otel (needs Langfuse 3.22 or later). Keys set per team in LiteLLM's own database are not visible here.",
  severity: 'error',
  uses: ['litellm/config'],
  explains: ['litellm/reachable', 'litellm/keys', 'litellm/host'],
  evaluate: ({ facts }) => {
    for (const config of facts['litellm/config']) {
      if (config.unreadable !== null) return { status: 'unknown', reason: config.unreadable };
      const otel = config.callbacks.some((name) => name === 'langfuse_otel' || name === 'langfuse');
      const lacking = [
        ...(config.successCallbacks.some(isLangfuse) ? [] : ['success_callback']),
        ...(config.failureCallbacks.some(isLangfuse) ? [] : ['failure_callback']),
      ];
      if (otel || lacking.length === 0) continue;
      const [namespace = '', name = ''] = (config.configObject ?? '').split('/');
      return failing(
        `${lacking.join(' and ')} of ${config.namespace}/${config.workload} ${lacking.length === 1 ? 'does' : 'do'} not name langfuse`,
        [
          {
            source: `configmap/${name}`,
            again: `kubectl get configmap -n ${namespace} ${name} -o yaml`,
            observed: `success ${JSON.stringify(config.successCallbacks)}, failure ${JSON.stringify(config.failureCallbacks)}, callbacks ${JSON.stringify(config.callbacks)}`,
            expected: 'success_callback: ["langfuse"], failure_callback: ["langfuse"]',
          },
        ],
        [
          manual(
            `add langfuse to ${lacking.join(' and ')} under litellm_settings and restart LiteLLM`,
            `kubectl edit configmap -n ${namespace} ${name}`,
          ),
        ],
      );
    }
    return { status: 'ok' };
  },
});

function isLangfuse(name: string): boolean {
  return name === 'langfuse' || name === 'langfuse_otel';
}
