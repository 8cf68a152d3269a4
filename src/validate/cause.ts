import type { Cause } from '../doctor/report.ts';
import { runDoctor } from '../doctor/run.ts';
import { LfctlError } from '../errors/error.ts';
import type { ValidateOptions } from './start.ts';

/** Doctor's look takes seconds; after this it would hold up the verdict. */
const timeoutMs = 8000;

/** What doctor puts first, as far as it is no mere warning; null without a cluster to look at. */
export async function findCause(options: ValidateOptions): Promise<Cause | null> {
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
    return report.causes.find(({ severity }) => severity === 'critical' || severity === 'error') ?? null;
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  }
}
