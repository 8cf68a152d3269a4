import { Skipped } from '../doctor/fact.ts';
import { LfctlError } from '../errors/error.ts';
import type { Look } from './hop.ts';

/** A store that hops look into: open, or why not. */
export type Station<Port> =
  | { readonly state: 'open'; readonly port: Port }
  | Extract<Look, { readonly state: 'unknown' | 'skipped' }>;

/** Opens a store; what is not configured, or of a kind that lfctl has no way into, is skipped; what does not open is unknown. */
export async function openStation<Port>(open: () => Promise<Port>): Promise<Station<Port>> {
  try {
    return { state: 'open', port: await open() };
  } catch (error) {
    if (error instanceof Skipped) return { state: 'skipped', detail: error.message };
    if (!(error instanceof LfctlError)) throw error;
    return { state: error.code === 'STORE_NOT_SUPPORTED' ? 'skipped' : 'unknown', detail: error.message };
  }
}
