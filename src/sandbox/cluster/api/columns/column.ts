import type { StoredObject } from '../../objects.ts';

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly cell: (object: StoredObject, now: Date) => string | number;
  readonly type?: 'string' | 'integer';
  readonly format?: string;
  /** Only with -o wide. */
  readonly wide?: boolean;
}
