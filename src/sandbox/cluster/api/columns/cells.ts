import { asFields, fieldsList, textMap, textOf, valueAt } from '../../fields.ts';
import type { StoredObject } from '../../objects.ts';
import type { Column } from './column.ts';

/** A time span as kubectl prints it: 45s, 3m20s, 5h3m, 2d4h, 90d. */
export function spanText(totalSeconds: number): string {
  const seconds = Math.max(0, Math.floor(totalSeconds));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const pair = (value: number, unit: string, rest: number, small: string): string =>
    rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${small}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  return days < 730 ? `${days}d` : pair(Math.floor(days / 365), 'y', days % 365, 'd');
}

/** Age of a timestamp; `<unknown>` without one. */
export function ageText(time: unknown, now: Date): string {
  const at = Date.parse(textOf(time));
  return Number.isNaN(at) ? '<unknown>' : spanText((now.getTime() - at) / 1000);
}

/** As kubectl shows what is empty. */
export const orNone = (text: string): string => (text === '' ? '<none>' : text);

/** A text field by its path. */
export const text =
  (...path: readonly string[]) =>
  (object: StoredObject): string =>
    orNone(textOf(valueAt(object, ...path)));

/** A number field by its path; 0 when absent. */
export const count =
  (...path: readonly string[]) =>
  (object: StoredObject): number =>
    Number(textOf(valueAt(object, ...path)) || 0);

/** How many keys an object or items a list has. */
export const size =
  (...path: readonly string[]) =>
  (object: StoredObject): number => {
    const value = valueAt(object, ...path);
    return Array.isArray(value) ? value.length : Object.keys(asFields(value)).length;
  };

/** `key=value` pairs, as `kubectl get --show-labels` has them. */
export const labelsText = (labels: unknown): string =>
  orNone(
    Object.entries(textMap(labels))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );

const containers = (object: StoredObject, field: string): string => {
  const template = asFields(valueAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'));
  const spec = template['containers'] === undefined ? valueAt(object, 'spec', 'template', 'spec') : template;
  return fieldsList(valueAt(spec, 'containers'))
    .map((container) => textOf(container[field]))
    .join(',');
};

/** Containers, Images and Selector: the wide columns of every workload. */
export const workloadColumns: readonly Column[] = [
  { name: 'Containers', wide: true, cell: (object) => containers(object, 'name') },
  { name: 'Images', wide: true, cell: (object) => containers(object, 'image') },
  {
    name: 'Selector',
    wide: true,
    cell: (object) => labelsText(valueAt(object, 'spec', 'selector', 'matchLabels')),
  },
];
