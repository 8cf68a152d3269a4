import type { Fields } from '../fields.ts';
import { asFields, fieldsList, isFields, valueAt } from '../fields.ts';
import type { ResourceEntry } from '../resources.ts';
import { badRequest, type StatusError } from './status.ts';

/** The Go word for a JSON value, as decoding errors say it. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (isFields(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

interface Expectation {
  readonly value: unknown;
  readonly path: string;
  readonly struct: string;
  readonly type: 'string' | 'int32';
}

const fits = ({ value, type }: Expectation): boolean =>
  value === undefined ||
  value === null ||
  (type === 'string' ? typeof value === 'string' : Number.isInteger(value));

const mapOf = (value: unknown, path: string, struct: string): Expectation[] =>
  Object.values(asFields(value)).map((each) => ({ value: each, path, struct, type: 'string' }));

const metadataOf = (metadata: unknown, path: string): Expectation[] => [
  ...mapOf(valueAt(metadata, 'labels'), `${path}.labels`, 'ObjectMeta'),
  ...mapOf(valueAt(metadata, 'annotations'), `${path}.annotations`, 'ObjectMeta'),
];

function containersOf(spec: unknown, path: string): Expectation[] {
  const all = [...fieldsList(valueAt(spec, 'containers')), ...fieldsList(valueAt(spec, 'initContainers'))];
  return all.flatMap((container) => [
    {
      value: container['image'],
      path: `${path}.containers.image`,
      struct: 'Container',
      type: 'string' as const,
    },
    ...fieldsList(container['env']).map((variable) => ({
      value: variable['value'],
      path: `${path}.containers.env.value`,
      struct: 'EnvVar',
      type: 'string' as const,
    })),
  ]);
}

function expectations(resource: ResourceEntry, object: Fields): Expectation[] {
  const spec = object['spec'];
  const all = metadataOf(object['metadata'], 'metadata');
  if (resource.plural === 'configmaps') all.push(...mapOf(object['data'], 'data', 'ConfigMap'));
  if (resource.plural === 'secrets') {
    all.push(...mapOf(object['data'], 'data', 'Secret'));
    all.push(...mapOf(object['stringData'], 'stringData', 'Secret'));
  }
  if (resource.plural === 'pods') all.push(...containersOf(spec, 'spec'));
  if (resource.group === 'apps') {
    const struct = `${resource.kind}Spec`;
    all.push({ value: valueAt(spec, 'replicas'), path: 'spec.replicas', struct, type: 'int32' });
    all.push(...metadataOf(valueAt(spec, 'template', 'metadata'), 'spec.template.metadata'));
    all.push(...containersOf(valueAt(spec, 'template', 'spec'), 'spec.template.spec'));
  }
  return all;
}

const decodeError = (resource: ResourceEntry, why: string): StatusError =>
  badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${why}`,
  );

/** Is every value of a Secret's `data` base64, as Go's decoder reads it? */
function secretFault(object: Fields): string | null {
  const wrong = Object.values(asFields(object['data'])).find(
    (value) =>
      typeof value === 'string' &&
      !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
        value.replaceAll(/[\r\n]/g, ''),
      ),
  );
  if (typeof wrong !== 'string') return null;
  const at = wrong.search(/[^A-Za-z0-9+/]/);
  return `illegal base64 data at input byte ${at < 0 ? wrong.length : at}`;
}

const microTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(?:Z|[+-]\d{2}:\d{2})$/;

/** Times of a Lease have exactly six digits behind the point: those of JavaScript's own format are refused. */
function leaseFault(object: Fields): string | null {
  const times = ['acquireTime', 'renewTime'].map((field) => valueAt(object['spec'], field));
  const bad = times.find((time) => typeof time === 'string' && !microTime.test(time));
  if (typeof bad !== 'string') return null;
  const rest = bad.slice('2006-01-02T15:04:05'.length);
  const layout = '2006-01-02T15:04:05.000000Z07:00';
  return `parsing time "${bad}" as "${layout}": cannot parse "${rest}" as ".000000"`;
}

function valueFault(resource: ResourceEntry, object: Fields): string | null {
  if (resource.plural === 'secrets') return secretFault(object);
  return resource.plural === 'leases' ? leaseFault(object) : null;
}

/**
 * The typing mistakes that people make in manifests: numbers for env values, words for replicas, plain text in
 * `data` of a Secret. The real API decodes into Go structs and refuses with these words; null when all fits.
 */
export function typeFault(resource: ResourceEntry, object: Fields): string | null {
  const wrong = expectations(resource, object).find((each) => !fits(each));
  if (wrong === undefined) return valueFault(resource, object);
  const { value, struct, path, type } = wrong;
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path} of type ${type}`;
}

/** @throws StatusError 400 for a body with a typing mistake */
export function checkTypes(resource: ResourceEntry, object: Fields): void {
  const fault = typeFault(resource, object);
  if (fault !== null) throw decodeError(resource, fault);
}
