import { certificateProbe } from './certificate.ts';
import { exportProbe } from './export.ts';
import { idleProbe } from './idle.ts';
import { litellmProbe } from './litellm.ts';
import { mediaProbe } from './media.ts';
import type { Probe } from './probe.ts';
import { promptProbe } from './prompt.ts';
import { publicUrlProbe } from './public-url.ts';
import { scoreProbe } from './score.ts';

/** All probes, in the order of reports. */
export const probes: readonly Probe[] = [
  publicUrlProbe,
  certificateProbe,
  mediaProbe,
  exportProbe,
  promptProbe,
  scoreProbe,
  idleProbe,
  litellmProbe,
];
