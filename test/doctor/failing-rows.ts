/** A way to fail for each check, by area. */
import type { FailingRow } from './failing/change.ts';
import { configRows } from './failing/config.ts';
import { kubeRows } from './failing/kube.ts';
import { litellmRows } from './failing/litellm.ts';
import { storesRows } from './failing/stores.ts';
import { webWorkerRows } from './failing/web-worker.ts';

export const failingRows: readonly FailingRow[] = [
  ...configRows,
  ...kubeRows,
  ...litellmRows,
  ...storesRows,
  ...webWorkerRows,
];
