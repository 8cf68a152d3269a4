import type { Store } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import { Skipped } from './fact.ts';

/** Why a store cannot be opened: not configured is skipped; not readable or not valid is unknown, never ok. */
export function noTarget(store: Store<unknown>, title: string): Skipped | LfctlError {
  const why = store.why ?? '';
  if (why === 'not configured') return new Skipped(`not configured: ${title}`);
  if (why.startsWith('not supported yet'))
    return new LfctlError('STORE_NOT_SUPPORTED', { message: `${title}: ${why}` });
  const code = why.includes('forbidden') ? 'KUBE_FORBIDDEN' : 'CONFIG_INVALID';
  return new LfctlError(code, { message: `the address of ${title} is not known: ${why}` });
}
