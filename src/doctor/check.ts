import type { Generation, Mode } from '../deployment/model.ts';
import type { FactValues } from './facts/index.gen.ts';
import type { Outcome } from './fact.ts';

export type Severity = 'critical' | 'error' | 'warning' | 'info';
export type Area =
  | 'config'
  | 'kube'
  | 'web'
  | 'worker'
  | 'postgres'
  | 'clickhouse'
  | 'redis'
  | 'objects'
  | 'queue'
  | 'litellm'
  | 'versions'
  | 'helm'
  | 'secrets';

/** One observation that shows a finding, and the line that shows it again. */
export interface Evidence {
  /** `log of web pod langfuse-…`, `env of deployment/langfuse`, `postgres`. */
  readonly source: string;
  /** A command or query the operator can run to see it: kubectl, psql, redis-cli, clickhouse-client, curl. */
  readonly again: string;
  readonly observed: string;
  readonly expected: string;
}

export interface FindingFix {
  readonly text: string;
  readonly command?: string;
  /** Path of a template, or YAML. */
  readonly manifest?: string;
  /** True when lfctl itself could do it; always false until a writer exists for it. */
  readonly automatic: boolean;
}

export type Verdict =
  | { readonly status: 'ok'; readonly detail?: string }
  | {
      readonly status: 'fail';
      /** One sentence: what is wrong. */
      readonly detail: string;
      readonly evidence: readonly [Evidence, ...Evidence[]];
      readonly fix: readonly [FindingFix, ...FindingFix[]];
      /** 0..1; 1 by default. */
      readonly confidence?: number;
      /** Overrides the check's severity, for thresholds (backlog: warning, then error). */
      readonly severity?: Severity;
      /** When it began, RFC 3339, where the evidence says so. */
      readonly since?: string;
    }
  /** `blockers`: checks whose failure would account for not knowing. */
  | { readonly status: 'unknown'; readonly reason: string; readonly blockers?: readonly string[] }
  | { readonly status: 'skipped'; readonly reason: string };

export type FactId = keyof FactValues;

/** What a check sees: facts it uses are known values, facts it may miss are outcomes. */
interface Evidenced<Uses extends FactId, Sees extends FactId> {
  readonly facts: { readonly [Id in Uses]: FactValues[Id] };
  readonly outcomes: { readonly [Id in Sees]: Outcome<FactValues[Id]> };
  readonly generation: Generation | null;
  readonly mode: Mode | null;
  /** Live version, else the image's. */
  readonly version: string | null;
  /** When the facts were collected. */
  readonly now: Date;
}

/** One rule. Pure: no I/O, no failure without evidence and a fix. One file each, named after its id. */
export interface Check<Id extends string, Uses extends FactId, Sees extends FactId> {
  readonly id: Id;
  readonly area: Area;
  /** A statement of the healthy state: it reads right after a tick and after a cross. */
  readonly title: string;
  /** Why it matters and where the fact comes from: printed by `lfctl explain`. */
  readonly why: string;
  readonly severity: Severity;
  /** Facts without which it cannot judge: when one is unknown the check is unknown or blocked. */
  readonly uses: readonly Uses[];
  /** Facts that help and may be unknown. */
  readonly sees?: readonly Sees[];
  /** Where it holds; elsewhere it is skipped with the reason. All generations by default. */
  readonly appliesTo?: {
    readonly generations?: readonly Generation[];
    readonly versions?: string;
    readonly modes?: readonly Mode[];
  };
  /** Ids of checks whose failure this one's failure would cause. */
  readonly explains: readonly string[];
  readonly evaluate: (seen: Evidenced<Uses, Sees>) => Verdict;
}

/** Gives a check its types. */
export function defineCheck<Id extends string, Uses extends FactId, Sees extends FactId = never>(
  check: Check<Id, Uses, Sees>,
): Check<Id, Uses, Sees> {
  return check;
}
