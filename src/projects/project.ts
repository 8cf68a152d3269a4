/** A project with all that a list tells of it. What is not known is null, with its reason in `unknown` of the listing. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** Null where the public API alone was asked: it does not say whose its key is. */
  readonly organization: { readonly id: string; readonly name: string } | null;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Days that traces are kept; null for ever. */
  readonly retentionDays: number | null;
  /** RFC 3339 since when it is being deleted; null for a living one. */
  readonly deletionPendingSince: string | null;
  /** API keys of it, the in-app agent's left out. */
  readonly keys: number | null;
  readonly tracesLastDay: number | null;
}

/** Fields of a project that could not be told. */
export type UnknownField = 'organization' | 'retentionDays' | 'keys' | 'tracesLastDay';

/** Projects, and why some of their fields are not known. */
export interface ProjectListing {
  readonly projects: readonly Project[];
  readonly unknown: Readonly<Partial<Record<UnknownField, string>>>;
  /** Whether something that is configured could not be read. */
  readonly incomplete: boolean;
}
