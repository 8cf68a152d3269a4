import type { Cause } from '../doctor/report.ts';
import { runDoctor } from '../doctor/run.ts';
import { LfctlError } from '../errors/error.ts';
import type { HopName } from './hop.ts';
import type { ValidateOptions } from './start.ts';

/** Doctor's look takes seconds; after this it would hold up the verdict. */
const timeoutMs = 8000;

/** What doctor puts first, as far as it is no mere warning and can be the cause; null without a cluster to look at. */
export async function findCause(options: ValidateOptions, hop: HopName): Promise<Cause | null> {
  const { settings, openers, env, now, fingerprint, signal } = options;
  if (!settings.kubernetes.enabled) return null;
  try {
    const { report } = await runDoctor({
      settings: { ...settings, timeoutMs },
      openers,
      env,
      now,
      fingerprint,
      signal,
      only: [],
      skip: [],
      require: [],
      strict: false,
      probe: false,
    });
    return causeOf(hop, report.causes);
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  }
}

/** The first that is serious. Web answers before a worker has anything to do: what fails there loses nothing at http. */
export function causeOf(hop: HopName, causes: readonly Cause[]): Cause | null {
  const isBehind = (id: string): boolean => hop === 'http' && /^(?:queue|worker)\//.test(id);
  const isSerious = (severity: Cause['severity']): boolean => severity === 'critical' || severity === 'error';
  return causes.find(({ id, severity }) => isSerious(severity) && !isBehind(id)) ?? null;
}
