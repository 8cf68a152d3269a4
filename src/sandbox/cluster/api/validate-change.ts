import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../fields.ts';
import { asFields, fieldsList, textOf, valueAt } from '../fields.ts';
import type { ResourceEntry } from '../resources.ts';
import type { StatusCause } from './status.ts';
import { invalid } from './status.ts';
import { validate, wrong } from './validate.ts';

type Cause = Required<StatusCause>;

const immutable = (field: string, value: unknown): Cause =>
  wrong(field, JSON.stringify(value), 'field is immutable');

const omit = (object: Fields, ...keys: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** The parts of a pod that may not change. */
function frozenPodSpec(spec: unknown): unknown {
  const rest = omit(asFields(spec), 'activeDeadlineSeconds', 'tolerations', 'nodeName');
  const imageless = (list: unknown): unknown => fieldsList(list).map((container) => omit(container, 'image'));
  return {
    ...rest,
    containers: imageless(rest['containers']),
    initContainers: imageless(rest['initContainers']),
  };
}

/** What an update may not touch, by kind; the texts are the real server's. */
const rules: Readonly<Record<string, (before: Fields, after: Fields) => Cause[]>> = {
  deployments: selectorCauses,
  replicasets: selectorCauses,
  daemonsets: selectorCauses,
  jobs: selectorCauses,
  statefulsets: (before, after) =>
    ['selector', 'serviceName', 'volumeClaimTemplates', 'podManagementPolicy'].some((field) =>
      differs(before, after, 'spec', field),
    )
      ? [forbiddenSpec(statefulSetText)]
      : [],
  secrets: (before, after) => (differs(before, after, 'type') ? [immutable('type', after['type'])] : []),
  rolebindings: roleCauses,
  clusterrolebindings: roleCauses,
  pods: (before, after) =>
    isDeepStrictEqual(frozenPodSpec(before['spec']), frozenPodSpec(after['spec']))
      ? []
      : [forbiddenSpec(podText)],
};

const statefulSetText =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const podText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function differs(before: Fields, after: Fields, ...path: readonly string[]): boolean {
  return !isDeepStrictEqual(valueAt(before, ...path), valueAt(after, ...path));
}

function forbiddenSpec(text: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${text}`, field: 'spec' };
}

function selectorCauses(before: Fields, after: Fields): Cause[] {
  const selector = valueAt(after, 'spec', 'selector');
  return differs(before, after, 'spec', 'selector') ? [immutable('spec.selector', selector)] : [];
}

function roleCauses(before: Fields, after: Fields): Cause[] {
  const role = JSON.stringify(after['roleRef']);
  return differs(before, after, 'roleRef') ? [wrong('roleRef', role, 'cannot change roleRef')] : [];
}

/** @throws StatusError 422 for a change of what may not change */
export function validateChange(resource: ResourceEntry, before: Fields, after: Fields): void {
  validate(resource, after);
  const frozen = ['secrets', 'configmaps'].includes(resource.plural) && before['immutable'] === true;
  const causes = [...(rules[resource.plural]?.(before, after) ?? [])];
  if (frozen && !isDeepStrictEqual(before['data'], after['data']))
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field: 'data',
    });
  if (causes.length > 0) throw invalid(resource, textOf(valueAt(after, 'metadata', 'name')), causes);
}
