/** What is known of the deployment as a whole: what runs decides, not what the image is called. */
import { generationOf } from '../deployment/image.ts';
import { modeOf } from '../deployment/mode.ts';
import type { DeploymentView } from '../deployment/view.ts';
import type { Subject } from './engine/evaluate.ts';
import type { Outcomes } from './engine/types.ts';

export interface Known {
  readonly deployment: DeploymentView | null;
  /** As web says it, else as the image is tagged: `3.199.0`, or a floating `3`. */
  readonly version: string | null;
  readonly subject: Subject;
}

/** Reads it off the collected facts. */
export function knownOf(outcomes: Outcomes, now: Date): Known {
  const deployment = valueIn<DeploymentView>(outcomes, 'deployment/discovery');
  const live = valueIn<{ readonly live: string | null }>(outcomes, 'deployment/version')?.live ?? null;
  const version = live ?? deployment?.imageVersion ?? null;
  const generation = generationOf(version) ?? deployment?.generation ?? null;
  const mode = modeOf(generation, deployment?.writeMode ?? null);
  return { deployment, version, subject: { generation, mode, version: completeVersion(version), now } };
}

function valueIn<Value>(outcomes: Outcomes, id: string): Value | null {
  const outcome = outcomes.get(id);
  return outcome?.status === 'known' ? (outcome.value as Value) : null;
}

/** `3` and `3.199` are not versions to semver; a floating tag stands for no exact version. */
function completeVersion(version: string | null): string | null {
  return version !== null && /^\d+\.\d+\.\d+/.test(version) ? version : null;
}
