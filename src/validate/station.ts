import { Skipped } from '../doctor/fact.ts';
import { LfctlError } from '../errors/error.ts';
import type { Look } from './hop.ts';

/** A store that hops look into: open, or why not. */
export type Station<Port> =
  | { readonly state: 'open'; readonly port: Port }
  | Extract<Look, { readonly state: 'unknown' | 'skipped' }>;

/** Opens a store; what is not configured is skipped, what does not open is unknown. */
export async function openStation<Port>(open: () => Promise<Port>): Promise<Station<Port>> {
  try {
    return { state: 'open', port: await open() };
  } catch (error) {
    if (error instanceof Skipped) return { state: 'skipped', detail: error.message };
    if (error instanceof LfctlError) return { state: 'unknown', detail: error.message };
    throw error;
  }
}
