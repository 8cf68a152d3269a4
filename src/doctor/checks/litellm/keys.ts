import type { DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { valueOf } from '../../fact.ts';
import type { LiteLlmKeyView } from '../../facts/litellm/keys.ts';
import { liteLlmErrors } from '../../litellm-log.ts';
import type { LogHit } from '../../wording.ts';
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
    const [hit] = liteLlmErrors(valueOf(outcomes['kube/logs']) ?? [], ['litellm-unauthorized']);
    const wrong = facts['litellm/keys'].find(
      ({ state }) => state !== 'valid' && (state !== 'unsure' || hit !== undefined),
    );
    if (wrong === undefined) return withoutWrong(facts['litellm/keys']);
    const configs = valueOf(outcomes['litellm/config']) ?? [];
    const source = configs.find((one) => one.workload === wrong.workload)?.keySource ?? 'its env';
    return wrongPair(wrong, source, outcomes['deployment/discovery'], hit);
  },
});

/** A pair whose last characters fit, and whose hash says nothing, is neither right nor wrong. */
function withoutWrong(keys: readonly LiteLlmKeyView[]): Verdict {
  const unsure = keys.find(({ state }) => state === 'unsure');
  if (unsure === undefined) return { status: 'ok' };
  const at = `${unsure.namespace}/${unsure.workload}`;
  return {
    status: 'unknown',
    reason: `the secret key of ${at} cannot be compared: its hash was made under another SALT, or with its first use`,
  };
}

function wrongPair(
  key: LiteLlmKeyView,
  source: string,
  deployment: Outcome<DeploymentView>,
  hit: LogHit | undefined,
): Verdict {
  return failing(
    `${key.namespace}/${key.workload}: ${words(key)}`,
    [
      {
        source: 'api_keys of Postgres',
        again: psqlCommand(
          deployment,
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
