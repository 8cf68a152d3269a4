import type { LfctlError } from '../../errors/error.ts';
import type { Access } from '../../ports/dialer.ts';
import type { Canary, CanaryIds } from '../canary.ts';
import type { Run } from '../start.ts';
import type { ProbeId } from './ids.ts';

/**
 * Whose view a probe took: that of the machine or the pod that lfctl runs in, or that of a pod of the cluster, by a
 * port-forward.
 */
export type View = 'machine' | 'pod' | 'cluster';

/** What a probe found. */
export interface Finding {
  /** `unknown`: could not be looked at. `skipped`: not asked for, not configured, or not of this generation. */
  readonly status: 'ok' | 'fail' | 'unknown' | 'skipped';
  readonly detail: string;
  /** Null where nothing was looked at. */
  readonly from: View | null;
  /** False for a failure that breaks nothing that anybody uses; true where absent. */
  readonly decides?: boolean;
}

/** Which probes are to run, and how. */
export interface ProbeWishes {
  readonly skip: readonly string[];
  /** How long a connection is left idle; null leaves it out. */
  readonly idleMs: number | null;
  readonly litellm: boolean;
  /** Instead of what NEXTAUTH_URL and the routes say; null without. */
  readonly publicUrl: string | null;
}

/** What probes work with. */
export interface ProbeContext {
  readonly run: Run;
  readonly wishes: ProbeWishes;
  /** From where lfctl runs, as users there would. */
  readonly here: Access;
  /** As pods of the cluster would. */
  readonly inside: Access;
  /** The first canary that passed every hop, when all have come or are lost; null where none did. */
  readonly arrived: Promise<Canary | null>;
  /** One of this run's canaries: what a probe makes is tied to its trace. */
  readonly canary: CanaryIds;
  /** Tells of a trace that a probe made, so that it is removed with the canaries. */
  readonly onTrace: (trace: CanaryIds) => void;
}

/** One thing to look at. One file each. */
export interface Probe {
  readonly id: ProbeId;
  /** Milliseconds after which the requests of one that waits by itself end. */
  readonly limitMs?: (wishes: ProbeWishes) => number;
  /** @throws LfctlError for what could not be looked at: unknown */
  readonly look: (context: ProbeContext) => Promise<Finding>;
}

export const skipped = (detail: string): Finding => ({ status: 'skipped', detail, from: null });

/** It could not be looked at, in the words of what stood in the way. */
export const notLooked = (error: LfctlError, from: View | null): Finding => ({
  status: 'unknown',
  detail: words(error),
  from,
});

/** The message of a failed connection without its place, which the finding names itself. */
export const words = ({ message }: LfctlError): string => message.replace(/^HTTP at \S+: /, '');
