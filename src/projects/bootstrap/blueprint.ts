/** What an organisation is to have: a project for each environment, in each a key for each team. */
export interface Blueprint {
  /** Id or name; null where the command line names it. */
  readonly organization: string | null;
  readonly projects: readonly WantedProject[];
  readonly teams: readonly WantedTeam[];
}

export interface WantedProject {
  readonly name: string;
  readonly retentionDays?: number;
}

export interface WantedTeam {
  /** The note of its keys. */
  readonly name: string;
  /** `NAMESPACE/NAME` with `{project}` and `{team}`; the command line's when absent. */
  readonly toSecret?: string;
}

/** Environments that teams ask for; other names are given by a file or by --project. */
export const usualProjects: readonly WantedProject[] = ['production', 'staging', 'dev'].map((name) => ({
  name,
}));
