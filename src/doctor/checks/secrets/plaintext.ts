import { secretName } from '../../../deployment/redact.ts';
import type { ComponentEnvView, VariableView } from '../../../deployment/view.ts';
import type { HelmRevision } from '../../../ports/helm.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import { failing, manual, workloadText } from '../../wording.ts';

export const secretsPlaintextCheck = defineCheck({
  id: 'secrets/plaintext',
  area: 'secrets',
  title: 'secrets stand in Secrets',
  why: 'A value in a manifest or a ConfigMap is readable by everyone who may get workloads, and Helm keeps what values.yaml holds in each of its release Secrets.',
  severity: 'warning',
  uses: ['config/env'],
  sees: ['helm/revisions'],
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const open = facts['config/env'].flatMap((env) =>
      env.variables.filter(isOpen).map((variable) => toEvidence(env, variable)),
    );
    const revisions = outcomes['helm/revisions'];
    const [first, ...rest] = [...open, ...inValues(valueOf(revisions)?.at(-1))];
    if (first !== undefined) return readable([first, ...rest]);
    const why =
      hiddenConfigMap(facts['config/env']) ?? (revisions.status === 'unknown' ? revisions.reason : null);
    return why === null ? { status: 'ok' } : { status: 'unknown', reason: why };
  },
});

function readable([first, ...rest]: readonly [Evidence, ...Evidence[]]): Verdict {
  return failing(
    `${first.observed} (${first.source})${rest.length === 0 ? '' : `, and ${rest.length} more`}`,
    [first, ...rest],
    [
      manual(
        'move the value into a Secret, refer to it with secretKeyRef or envFrom, and change it: it has been readable',
      ),
    ],
  );
}

function inValues(newest: HelmRevision | undefined): Evidence[] {
  if (newest === undefined) return [];
  const { release, namespace } = newest;
  return newest.plaintextSecretPaths.map((path) => ({
    source: `values of Helm release ${release}`,
    again: `helm get values ${release} -n ${namespace}`,
    observed: `${path} holds a plain value`,
    expected: 'a reference to a Secret',
  }));
}

/** URLs count only when they carry a password. */
function isOpen(variable: VariableView): boolean {
  if (!secretName(variable.name) || variable.fingerprint === null) return false;
  if (variable.name.endsWith('_URL') && (variable.shape?.url === null || !hasPassword(variable)))
    return false;
  const { source } = variable;
  if (source.from === 'literal') return !(source.uses ?? []).some((object) => object.startsWith('secret/'));
  return source.from === 'configmap';
}

/** What stands in a Secret is where it belongs, readable or not; a ConfigMap must be looked at. */
function hiddenConfigMap(envs: readonly ComponentEnvView[]): string | null {
  const objects = envs.flatMap((env) => [
    ...env.unreadable,
    ...env.variables.flatMap(({ source }) => (source.from === 'missing' ? [source] : [])),
  ]);
  const hidden = objects.find((one) => one.why === 'forbidden' && one.object.startsWith('configmap/'));
  return hidden === undefined ? null : `forbidden: ${hidden.object}`;
}

function hasPassword(variable: VariableView): boolean {
  return (
    (variable.shape?.url?.user ?? '') !== '' && /^(DATABASE|DIRECT|SMTP|REDIS|SHADOW)/.test(variable.name)
  );
}

function toEvidence(env: ComponentEnvView, variable: VariableView): Evidence {
  const { namespace } = env.workload;
  const object =
    variable.source.from === 'configmap' ? `configmap/${variable.source.object}` : workloadText(env.workload);
  return {
    source: object,
    again: `kubectl get -n ${namespace} ${object} -o yaml | grep -n ${variable.name}`,
    observed: `${variable.name} in plain text`,
    expected: 'in a Secret',
  };
}
