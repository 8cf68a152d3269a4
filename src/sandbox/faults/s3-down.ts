import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { startStore, stopStore } from './_scale.ts';

/** The object store is gone: uploads fail, web answers 500 to ingestion. */
export const s3DownFault = defineFault({
  name: 's3-down',
  area: 'objects',
  summary: 'the object store is scaled to zero: ingestion answers 500, the worker cannot read events',
  firstVerdict: 'objects/reachable',
  expects: 'findings',
  losesAt: 'http',
  ...sinceThree,
  break: (context) => stopStore(context, 'objects'),
  mend: (context) => startStore(context, 'objects'),
});
