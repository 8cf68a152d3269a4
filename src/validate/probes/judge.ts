import type { ProbeReport, ValidateVerdict } from '../report.ts';
import type { ProbeId } from './ids.ts';
import type { Finding } from './probe.ts';

/** What a probe found, as reports have it. One that was asked for by --require counts whatever it found. */
export function probeReport(
  id: ProbeId,
  finding: Finding,
  ms: number,
  asked: readonly string[],
): ProbeReport {
  const { status, detail, from } = finding;
  const fails = status === 'fail' && finding.decides !== false;
  return { id, status, detail, from, ms, decides: asked.includes(id) || fails };
}

/** The verdict of the canaries with that of the probes. */
export function withProbes(verdict: ValidateVerdict, probes: readonly ProbeReport[]): ValidateVerdict {
  const deciding = probes.filter(({ decides }) => decides).map(({ status }) => status);
  if (verdict === 'findings' || deciding.includes('fail')) return 'findings';
  const isOpen = deciding.includes('unknown') || deciding.includes('skipped');
  return verdict === 'incomplete' || isOpen ? 'incomplete' : 'ok';
}
