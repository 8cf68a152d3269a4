import type { KubeResource } from '../../ports/kube.ts';
import { qualifiedName } from './resources.ts';

/** Why the store refuses a write, in the API's words. */
export type StoreErrorReason = 'AlreadyExists' | 'NotFound' | 'Conflict';

const texts: Readonly<Record<StoreErrorReason, string>> = {
  AlreadyExists: 'already exists',
  NotFound: 'not found',
  Conflict: 'has been modified',
};

/** A write the store refuses; the API server answers it with 409 or 404. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: StoreErrorReason;

  constructor(reason: StoreErrorReason, resource: KubeResource, name: string) {
    super(`${qualifiedName(resource)} "${name}" ${texts[reason]}`);
    this.reason = reason;
  }
}
