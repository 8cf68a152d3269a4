import type { ServerResponse } from 'node:http';
import type { S3Request } from './request.ts';
import type { Credentials, Signed } from './signature.ts';
import type { BucketStore } from './store.ts';

/** A request whose sender is known, and what it may work on. */
export interface Exchange {
  readonly request: S3Request;
  readonly response: ServerResponse;
  readonly signed: Signed;
  readonly store: BucketStore;
  readonly account: Credentials;
}
