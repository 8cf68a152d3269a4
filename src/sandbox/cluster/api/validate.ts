import { matchesLabels } from '../../../ports/label-selector.ts';
import type { Fields } from '../fields.ts';
import { asFields, fieldsList, isFields, textMap, textOf, valueAt } from '../fields.ts';
import type { ResourceEntry } from '../resources.ts';
import type { StatusCause } from './status.ts';
import { invalid } from './status.ts';
import { dataKeyCauses, nameCauses } from './validate-names.ts';

type Cause = Required<StatusCause>;

const required = (field: string, text = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: text === '' ? 'Required value' : `Required value: ${text}`,
  field,
});
/** A value that the field cannot take. */
export const wrong = (field: string, value: string, text: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${value}: ${text}`,
  field,
});

function containerCauses(spec: unknown, path: string): Cause[] {
  const containers = fieldsList(valueAt(spec, 'containers'));
  if (containers.length === 0) return [required(`${path}.containers`)];
  const seen = new Set<string>();
  return containers.flatMap((container, index) => {
    const at = `${path}.containers[${index}]`;
    const name = textOf(container['name']);
    const causes: Cause[] = [];
    if (name === '') causes.push(required(`${at}.name`));
    else if (seen.has(name))
      causes.push({
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${JSON.stringify(name)}`,
        field: `${at}.name`,
      });
    seen.add(name);
    if (textOf(container['image']) === '') causes.push(required(`${at}.image`));
    return [...causes, ...mountCauses(spec, container, at)];
  });
}

function mountCauses(spec: unknown, container: Fields, at: string): Cause[] {
  const volumes = fieldsList(valueAt(spec, 'volumes')).map((volume) => volume['name']);
  return fieldsList(container['volumeMounts']).flatMap((mount, index) =>
    volumes.includes(mount['name'])
      ? []
      : [
          {
            reason: 'FieldValueNotFound',
            message: `Not found: ${JSON.stringify(mount['name'] ?? '')}`,
            field: `${at}.volumeMounts[${index}].name`,
          },
        ],
  );
}

/** As Go prints the label map in the message. */
const goLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.keys(labels).length === 0 ? 'map[string]string(nil)' : JSON.stringify(labels);

function selectorCauses(spec: Fields): Cause[] {
  const selector = spec['selector'];
  const labels = textMap(valueAt(spec, 'template', 'metadata', 'labels'));
  const field = 'spec.template.metadata.labels';
  const mismatch = wrong(field, goLabels(labels), '`selector` does not match template `labels`');
  if (!isFields(selector)) return [required('spec.selector'), mismatch];
  return matchesLabels(selector, labels) ? [] : [mismatch];
}

function replicaCauses(spec: Fields): Cause[] {
  const replicas = spec['replicas'];
  return typeof replicas === 'number' && replicas < 0
    ? [wrong('spec.replicas', String(replicas), 'must be greater than or equal to 0')]
    : [];
}

const workloadCauses = (spec: Fields): Cause[] => [
  ...replicaCauses(spec),
  ...selectorCauses(spec),
  ...containerCauses(valueAt(spec, 'template', 'spec'), 'spec.template.spec'),
];

/** Mounts of a StatefulSet may name its claim templates: its pods get volumes of these names. */
function withClaimVolumes(spec: Fields): Fields {
  const claims = fieldsList(spec['volumeClaimTemplates']).map((claim) => ({
    name: valueAt(claim, 'metadata', 'name'),
  }));
  const template = asFields(spec['template']);
  const pod = asFields(template['spec']);
  const volumes = [...fieldsList(pod['volumes']), ...claims];
  return { ...spec, template: { ...template, spec: { ...pod, volumes } } };
}

function serviceCauses(spec: Fields): Cause[] {
  const ports = fieldsList(spec['ports']);
  const external = spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None';
  if (ports.length === 0) return external ? [] : [required('spec.ports')];
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const value = Number(port['port']);
    const unnamed = ports.length > 1 && textOf(port['name']) === '' ? [required(`${at}.name`)] : [];
    const range = 'must be between 1 and 65535, inclusive';
    if (value >= 1 && value <= 65_535) return unnamed;
    return [
      ...unnamed,
      ...['port', 'targetPort'].map((field) => wrong(`${at}.${field}`, String(value), range)),
    ];
  });
}

function cronCauses(spec: Fields): Cause[] {
  const schedule = textOf(spec['schedule']);
  if (schedule === '') return [required('spec.schedule')];
  const good = schedule.startsWith('@') || schedule.trim().split(/\s+/).length === 5;
  const text = `expected exactly 5 fields, found ${schedule.trim().split(/\s+/).length}: [${schedule}]`;
  return good ? [] : [wrong('spec.schedule', JSON.stringify(schedule), text)];
}

/** Largest sum of values in a ConfigMap or Secret. */
const dataLimitBytes = 1_048_576;

function dataCauses(object: Fields): Cause[] {
  const values = Object.values(asFields(object['data'])).map((value) => textOf(value).length);
  const sizeBytes = values.reduce((sum, size) => sum + size, 0);
  const keys = dataKeyCauses(Object.keys(asFields(object['data'])));
  if (sizeBytes * 0.75 <= dataLimitBytes) return keys;
  const message = `Too long: may not be more than ${dataLimitBytes} bytes`;
  return [...keys, { reason: 'FieldValueTooLong', message, field: 'data' }];
}

function leaseCauses(spec: Fields): Cause[] {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = spec;
  const short = typeof seconds === 'number' && seconds <= 0;
  const negative = typeof transitions === 'number' && transitions < 0;
  return [
    ...(short ? [wrong('spec.leaseDurationSeconds', String(seconds), 'must be greater than 0')] : []),
    ...(negative
      ? [wrong('spec.leaseTransitions', String(transitions), 'must be greater than or equal to 0')]
      : []),
  ];
}

function kindCauses(resource: ResourceEntry, object: Fields): Cause[] {
  const spec = asFields(object['spec']);
  switch (resource.plural) {
    case 'statefulsets':
      return workloadCauses(withClaimVolumes(spec));
    case 'deployments':
    case 'daemonsets':
    case 'replicasets':
      return workloadCauses(spec);
    case 'pods':
      return containerCauses(spec, 'spec');
    case 'jobs':
      return containerCauses(valueAt(spec, 'template', 'spec'), 'spec.template.spec');
    case 'cronjobs':
      return cronCauses(spec);
    case 'services':
      return serviceCauses(spec);
    case 'configmaps':
    case 'secrets':
      return dataCauses(object);
    case 'leases':
      return leaseCauses(spec);
    default:
      return [];
  }
}

/** @throws StatusError 422 that lists every fault */
export function validate(resource: ResourceEntry, object: Fields): void {
  const name = textOf(asFields(object['metadata'])['name']);
  const causes = [...nameCauses(resource, name), ...kindCauses(resource, object)];
  if (causes.length > 0) throw invalid(resource, name, causes);
}
