import { defineCheck } from '../../check.ts';
import type { LiteLlmKeyView } from '../../facts/litellm/keys.ts';
import { liteLlmErrors } from '../../litellm-log.ts';
import { failing, logEvidence, manual, psqlCommand } from '../../wording.ts';

export const litellmKeysCheck = defineCheck({
  id: 'litellm/keys',
  area: 'litellm',
  title: "LiteLLM's key pair is one of this Langfuse",
  why: 'The pair is compared with the api_keys table by hash. Over HTTP a wrong pair, an unknown one and a wrong host give the same 401.',
  severity: 'error',
  uses: ['litellm/keys'],
  sees: ['kube/logs', 'litellm/config', 'deployment/discovery'],
  explains: ['litellm/reachable'],
  evaluate: ({ facts, outcomes }) => {
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const [hit] = liteLlmErrors(logs, ['litellm-unauthorized']);
    for (const key of facts['litellm/keys']) {
      if (key.state === 'valid' || (key.state === 'unsure' && hit === undefined)) continue;
      const config = outcomes['litellm/config'].status === 'known' ? outcomes['litellm/config'].value : [];
      const source = config.find((one) => one.workload === key.workload)?.keySource ?? 'its env';
      return failing(
        `${key.namespace}/${key.workload}: ${words(key)}`,
        [
          {
            source: 'api_keys of Postgres',
            again: psqlCommand(
              outcomes['deployment/discovery'],
              `select public_key, display_secret_key, project_id from api_keys where public_key = '${key.publicKey ?? ''}'`,
            ),
            observed: key.state,
            expected: 'the pair of a project',
          },
          ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'no 401')]),
        ],
        [
          manual(
            `make a key pair in Settings > API Keys of the project, put it into ${source}, and restart LiteLLM`,
          ),
        ],
      );
    }
    return { status: 'ok' };
  },
});

function words(key: LiteLlmKeyView): string {
  switch (key.state) {
    case 'unset':
      return 'LANGFUSE_PUBLIC_KEY or LANGFUSE_SECRET_KEY is not set';
    case 'unknown-key':
      return `public key ${key.publicKey ?? ''} is not known to this Langfuse`;
    case 'wrong-secret':
      return `the secret key does not belong to public key ${key.publicKey ?? ''} of project ${key.project ?? ''}`;
    case 'unsure':
    case 'valid':
      return `Langfuse refuses the pair of public key ${key.publicKey ?? ''}`;
  }
}
