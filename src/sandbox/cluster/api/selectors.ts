import type { KubeObject } from '../../../ports/kube-objects.ts';
import { textOf, valueAt } from '../fields.ts';
import type { ResourceEntry } from '../resources.ts';
import { badRequest } from './status.ts';

/** Says whether an object is selected. */
export type Matches = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const labelKey = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?(\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

const splitOutsideParentheses = (text: string): string[] =>
  text.split(/,(?![^(]*\))/).map((part) => part.trim());

const parseFailure = (part: string): Error =>
  badRequest(
    `unable to parse requirement: found '${part.split(/\s+/).at(-1) ?? ''}', expected: in, notin, =, ==, !=, gt, lt`,
  );

function requirement(part: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\((.*)\)$/.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equal = /^([^!=\s]+)\s*(!=|==|=)\s*(\S*)$/.exec(part);
  if (equal !== null && labelKey.test(equal[1] ?? '')) {
    const [, key = '', operator, value] = equal;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const absent = part.startsWith('!');
  const key = absent ? part.slice(1).trim() : part;
  if (!labelKey.test(key)) throw parseFailure(part);
  return (labels) => (labels[key] !== undefined) !== absent;
}

/** A label selector of the query, for example `app=web,tier in (a,b),!old`. @throws StatusError 400 */
export function labelMatcher(selector: string): Matches {
  if (selector.trim() === '') return () => true;
  const requirements = splitOutsideParentheses(selector).map(requirement);
  return (object) => requirements.every((holds) => holds(object.metadata.labels ?? {}));
}

/** Fields that may be selected beside metadata.name and metadata.namespace, as the real API allows them. */
const fieldsByPlural: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicasets: ['status.replicas'],
  jobs: ['status.successful'],
  services: ['spec.clusterIP', 'spec.type'],
};

const fieldValue = (object: KubeObject, field: string): string =>
  field === 'source'
    ? textOf(valueAt(object, 'source', 'component'))
    : textOf(valueAt(object, ...field.split('.')));

/** A field selector of the query. @throws StatusError 400 for a field the kind does not offer */
export function fieldMatcher(resource: ResourceEntry, selector: string): Matches {
  if (selector.trim() === '') return () => true;
  const allowed = new Set([
    'metadata.name',
    'metadata.namespace',
    ...(fieldsByPlural[resource.plural] ?? []),
  ]);
  const terms = selector.split(',').map((term) => {
    const [, field = '', operator, value = ''] = /^([^!=]+)(!=|==|=)(.*)$/.exec(term) ?? [];
    if (operator === undefined) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    if (!allowed.has(field)) throw badRequest(`field label not supported: ${field}`);
    return (object: KubeObject) => (fieldValue(object, field) === value) === (operator !== '!=');
  });
  return (object) => terms.every((holds) => holds(object));
}
