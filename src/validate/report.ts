import type { DuringReport } from './during/report.ts';
import type { HopName } from './hop.ts';
import type { ProbeId } from './probes/ids.ts';
import type { View } from './probes/probe.ts';

export type HopStatus = 'ok' | 'fail' | 'unknown' | 'skipped';

/** One hop of one way, or of all ways together. Times are from sending to the first sight, in milliseconds. */
export interface HopReport {
  readonly hop: HopName;
  readonly status: HopStatus;
  readonly required: boolean;
  readonly ms: number;
  readonly detail?: string;
}

/** One canary's way. */
export interface WayReport {
  readonly way: 'json' | 'otlp-json' | 'otlp-protobuf';
  readonly traceId: string;
  readonly hops: readonly HopReport[];
}

/** A request that must be refused, or whose answer must name what is wrong. */
export interface NegativeReport {
  readonly case: string;
  readonly status: 'ok' | 'fail' | 'unknown' | 'skipped';
  readonly expected: string;
  readonly observed: string;
}

/** Something beside the way of a trace that was looked at. */
export interface ProbeReport {
  readonly id: ProbeId;
  readonly status: 'ok' | 'fail' | 'unknown' | 'skipped';
  readonly detail: string;
  /** Whose view it is; null where nothing was looked at. */
  readonly from: View | null;
  readonly ms: number;
  /** Whether its status counts for the verdict: it was required, or its failure breaks what users do. */
  readonly decides: boolean;
}

/** What was found of canaries after cleaning up. */
export interface Residue {
  readonly total: number;
  readonly byStore: Readonly<Record<string, number>>;
  /** Stores that could not be looked at, with the reason: nothing is known of them. */
  readonly unknown: Readonly<Record<string, string>>;
  readonly ms: number;
}

/** What `lfctl validate --clean` did. */
export interface CleanReport {
  /** Canaries of earlier runs that were found in any store. */
  readonly found: number;
  /** Those of them that belong to runs under way, and are left alone. */
  readonly underWay: number;
  readonly residue: Residue;
}

export type ValidateVerdict = 'ok' | 'findings' | 'incomplete';

/** `ValidateReport.data` of the command-line contract. */
export interface ValidateReport {
  readonly verdict: ValidateVerdict;
  readonly langfuse: { readonly version: string | null; readonly mode: string | null };
  readonly projectId: string | null;
  /** Of all ways together: the worst status, the longest time. */
  readonly hops: readonly HopReport[];
  readonly ways: readonly WayReport[];
  readonly firstFailure: {
    readonly hop: HopName;
    readonly detail: string;
    /** Id of doctor's check that names the cause; null where none does. */
    readonly cause: string | null;
    readonly causeDetail: string | null;
  } | null;
  readonly negative: readonly NegativeReport[];
  readonly probes: readonly ProbeReport[];
  /** Many canaries while something changed; null for one of each way. */
  readonly during: DuringReport | null;
  readonly residue: Residue | null;
  /** Things worth knowing that are no failure, such as a longer delay around midnight. */
  readonly notes: readonly string[];
  /** To the verdict, without cleaning up. */
  readonly ms: number;
}
