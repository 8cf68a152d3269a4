import type { StoredObject } from '../objects.ts';
import type { ResourceEntry } from '../resources.ts';
import { ageText } from './columns/cells.ts';
import type { Column } from './columns/column.ts';
import { columnsByPlural } from './columns/columns.ts';

/** How much of each object a row carries: `includeObject` of the query. */
export type RowObject = 'None' | 'Metadata' | 'Object';

const nameColumn: Column = { name: 'Name', format: 'name', cell: (object) => object.metadata.name };
const ageColumn: Column = {
  name: 'Age',
  cell: (object, now) => ageText(object.metadata.creationTimestamp, now),
};

/** Name first, Age behind the narrow columns; events bring their own. */
function allColumns(resource: ResourceEntry): readonly Column[] {
  if (resource.plural === 'events') return columnsByPlural['events'] ?? [];
  const own = columnsByPlural[resource.plural] ?? [];
  const narrow = own.filter((column) => column.wide !== true);
  return [nameColumn, ...narrow, ageColumn, ...own.filter((column) => column.wide === true)];
}

const rowObject = (object: StoredObject, part: RowObject): object | undefined => {
  switch (part) {
    case 'None':
      return undefined;
    case 'Object':
      return object;
    case 'Metadata':
      return {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata,
      };
  }
};

/** The answer to `Accept: application/json;as=Table`: what kubectl get prints. */
export function table(
  resource: ResourceEntry,
  objects: readonly StoredObject[],
  metadata: object,
  part: RowObject,
  now: Date,
): object {
  const columns = allColumns(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type ?? 'string',
      format: column.format ?? '',
      description: column.name,
      priority: column.wide === true ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: rowObject(object, part),
    })),
  };
}
