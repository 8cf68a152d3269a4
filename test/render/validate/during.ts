import type { DuringReport } from '../../../src/validate/during/report.ts';
import type { ValidateReport } from '../../../src/validate/report.ts';

/** A run of which some was refused and some was lost. */
export const troubled: DuringReport = {
  ratePerSecond: 5,
  ms: 4000,
  drainMs: 60_000,
  sent: 20,
  late: 1,
  refusedRequests: 9,
  refusals: [{ detail: 'POST /api/public/ingestion answers 500: <b>"no"</b>', count: 9 }],
  accepted: 18,
  notAccepted: 2,
  arrived: 15,
  lost: 3,
  unknown: 0,
  unknownReason: null,
  duplicated: 1,
  longestGapMs: 2400,
  hops: [
    { hop: 'http', count: 18, p50Ms: 20, p95Ms: 3020, p99Ms: 3050, maxMs: 3060 },
    { hop: 'store', count: 15, p50Ms: 1200, p95Ms: 6100, p99Ms: 6200, maxMs: 6200 },
  ],
  series: {
    stretchMs: 1000,
    stretches: [
      { atMs: 0, sent: 5, accepted: 5, arrived: 5, lost: 0, httpMs: 20, arrivalMs: 1200 },
      { atMs: 1000, sent: 5, accepted: 3, arrived: 3, lost: 0, httpMs: 3060, arrivalMs: 6200 },
      { atMs: 2000, sent: 5, accepted: 5, arrived: 2, lost: 3, httpMs: 30, arrivalMs: 1300 },
      { atMs: 3000, sent: 5, accepted: 5, arrived: 0, lost: 0, httpMs: 30, arrivalMs: null },
    ],
  },
  command: { program: 'helm "x"', exitCode: 0, ended: null, ms: 3500 },
};

/** The same, with nothing wrong. */
export const calm: DuringReport = {
  ...troubled,
  late: 0,
  refusedRequests: 0,
  refusals: [],
  accepted: 20,
  notAccepted: 0,
  arrived: 20,
  lost: 0,
  duplicated: 0,
  series: {
    ...troubled.series,
    stretches: troubled.series.stretches.map((stretch) => ({ ...stretch, accepted: 5, arrived: 5, lost: 0 })),
  },
};

export const reportOf = (
  during: DuringReport | null,
  parts: Partial<ValidateReport> = {},
): ValidateReport => ({
  verdict: 'ok',
  langfuse: { version: '3.199.0', mode: 'clickhouse' },
  projectId: 'project',
  hops: [{ hop: 'http', status: 'ok', required: true, ms: 20, detail: 'a & <b>' }],
  ways: [],
  firstFailure: null,
  negative: [],
  probes: [],
  during,
  residue: { total: 2, byStore: { queue: 0, clickhouse: 2 }, unknown: { objects: 'forbidden' }, ms: 300 },
  notes: ['a note'],
  ms: 66_000,
  ...parts,
});
