import type { EnvelopeDeployment } from '../cli/command.ts';

/** The one document that a run gives with -o json or yaml. Field names are stable under semver. */
export interface Envelope {
  readonly kind: string;
  readonly version: 1;
  readonly lfctl: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly deployment: EnvelopeDeployment | null;
  readonly data: unknown;
}

/** What a result is wrapped in for machines. */
export function envelope(
  result: {
    readonly kind: string;
    readonly data: unknown;
    readonly deployment?: EnvelopeDeployment | null | undefined;
  },
  lfctl: string,
  now: Date,
): Envelope {
  return {
    kind: result.kind,
    version: 1,
    lfctl,
    at: now.toISOString(),
    deployment: result.deployment ?? null,
    data: result.data,
  };
}
