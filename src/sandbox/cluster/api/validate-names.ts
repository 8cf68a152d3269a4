import type { ResourceEntry } from '../resources.ts';
import type { StatusCause } from './status.ts';

type Cause = Required<StatusCause>;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`);
const labelPattern = new RegExp(`^${label}$`);
const serviceLabelPattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** The texts of k8s.io/apimachinery/pkg/util/validation. */
const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`;
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const serviceLabelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

interface NameRule {
  readonly pattern: RegExp;
  readonly text: string;
  readonly limit: number;
}

const subdomain: NameRule = { pattern: subdomainPattern, text: subdomainText, limit: 253 };
const pathSegment: NameRule = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  text: "may not contain '/' or '%'",
  limit: 253,
};

function ruleFor(resource: ResourceEntry): NameRule {
  if (resource.group === 'rbac.authorization.k8s.io') return pathSegment;
  if (resource.plural === 'namespaces') return { pattern: labelPattern, text: labelText, limit: 63 };
  if (resource.plural === 'services')
    return { pattern: serviceLabelPattern, text: serviceLabelText, limit: 63 };
  return subdomain;
}

/** What is wrong with an object's name. */
export function nameCauses(resource: ResourceEntry, name: string): Cause[] {
  const field = 'metadata.name';
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    return [{ reason: 'FieldValueRequired', message, field }];
  }
  const rule = ruleFor(resource);
  const fault = (text: string): Cause => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(name)}: ${text}`,
    field,
  });
  if (name.length > rule.limit) return [fault(`must be no more than ${rule.limit} characters`)];
  return rule.pattern.test(name) ? [] : [fault(rule.text)];
}

const keyPattern = /^[-._a-zA-Z0-9]+$/;

/** What is wrong with the keys of a ConfigMap or Secret. */
export function dataKeyCauses(keys: readonly string[]): Cause[] {
  return keys
    .filter((key) => !keyPattern.test(key) || key === '.' || key === '..' || key.length > 253)
    .map((key) => ({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(key)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      field: `data[${key}]`,
    }));
}
