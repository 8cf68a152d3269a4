import type { Area, Evidence, FindingFix, Severity } from './check.ts';

export type CheckStatus = 'ok' | 'fail' | 'unknown' | 'blocked' | 'skipped' | 'muted';

/** One row of the full list. */
export interface CheckResult {
  readonly id: string;
  readonly area: Area;
  readonly title: string;
  readonly status: CheckStatus;
  readonly severity: Severity;
  readonly detail?: string;
  readonly reason?: string;
  readonly blockedBy?: string;
  /** Milliseconds until its last fact was there. */
  readonly ms: number;
}

/** A ranked finding; the first is the root cause. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: number;
  readonly detail: string;
  readonly evidence: readonly Evidence[];
  readonly fix: readonly FindingFix[];
  /** Ids of failing checks that this one accounts for. */
  readonly explains: readonly string[];
  readonly since?: string;
}

/** `data` of kind DoctorReport. */
export interface DoctorReport {
  readonly verdict: 'healthy' | 'findings' | 'incomplete';
  readonly causes: readonly Cause[];
  readonly checks: readonly CheckResult[];
  readonly counts: Readonly<Record<CheckStatus, number>>;
  readonly ms: number;
}
