import { LfctlError } from '../../errors/error.ts';
import { canaryTraceId } from '../canary-id.ts';
import type { Look } from '../hop.ts';
import { apiLooker } from './arrival.ts';
import { wayOf } from './deliver.ts';
import { generationId } from './ids.ts';
import { isThere } from './tally.ts';
import type { Trip } from './trip.ts';

/** Whether the API gives back what is in the store: asked at the end, for the last trace that has anything. */
export async function readBack({ run, watch }: Trip): Promise<Look> {
  const { projectId, ways, ledger } = watch;
  const last = lastSeen(watch.ledger);
  if (last === null) return { state: 'skipped', detail: 'nothing has arrived that could be read' };
  const { second } = last;
  const traceId = canaryTraceId(projectId, new Date(second * 1000));
  const wanted: string[] = [];
  for (let index = 0; index < ledger.size(); index += 1) {
    const entry = ledger.at(index);
    if (entry.second === second && isThere(entry))
      wanted.push(generationId({ traceId }, wayOf(ways, index), index));
  }
  try {
    const found = new Set(
      (await apiLooker(run.langfuse, run.era).look(projectId, [traceId])).map(({ id }) => id),
    );
    const missing = wanted.filter((id) => !found.has(id)).length;
    const detail = `the API gives back ${wanted.length - missing} of ${wanted.length} of the last trace`;
    return { state: missing === 0 ? 'seen' : 'failed', detail };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { state: 'unknown', detail: error.message };
  }
}

function lastSeen(ledger: Trip['watch']['ledger']): { readonly second: number } | null {
  for (let index = ledger.size() - 1; index >= 0; index -= 1) {
    const entry = ledger.at(index);
    if (isThere(entry)) return entry;
  }
  return null;
}
