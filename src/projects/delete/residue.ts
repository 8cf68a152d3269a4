import type { Applied } from '../../plan/apply.ts';
import type { Json } from '../../plan/json.ts';
import { recordOf } from '../../tenancy/org-api.ts';

/** What a run removed by holding, and what is left by its last count; null where it was not counted to the end. */
export function residueOf({ records }: Pick<Applied, 'records'>): Readonly<Record<string, Json>> {
  const removed: Record<string, number> = {};
  let residue: Json = null;
  for (const [step, record] of records) {
    const values = recordOf(record);
    if (typeof values['removed'] === 'number') removed[step.replace(/^remove:/, '')] = values['removed'];
    if (values['residue'] !== undefined) residue = values['residue'] as Json;
  }
  return { removed, residue };
}
