import { LfctlError } from '../errors/error.ts';
import type { Case, NegativeContext } from './negative/case.ts';
import { otherProjectCase } from './negative/other-project.ts';
import { revokedKeyCase } from './negative/revoked.ts';
import { wrongEventCases } from './negative/wrong-events.ts';
import { wrongKeyCases } from './negative/wrong-keys.ts';
import type { NegativeReport } from './report.ts';

/** What must not get through, and what Langfuse is known to let through. */
const cases: readonly Case[] = [...wrongKeyCases, otherProjectCase, revokedKeyCase, ...wrongEventCases];

/** Runs all of them at once. What the valid neighbour leaves is removed with the canaries. */
export async function negativeCases(context: NegativeContext): Promise<NegativeReport[]> {
  return await Promise.all(cases.map(async (each) => await runCase(each, context)));
}

async function runCase({ name, expected, run }: Case, context: NegativeContext): Promise<NegativeReport> {
  try {
    return { case: name, expected, ...(await run(context)) };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { case: name, status: 'unknown', expected, observed: error.message };
  }
}
