/** What every verb gets from its caller; nothing here knows of a command line. */
export interface VerbContext {
  /** lfctl's own state folder; sandboxes lie in `sandbox/<name>` of it. */
  readonly stateFolder: string;
  /** lfctl's own cache folder, where `sandbox install` installs. */
  readonly cacheFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** One line that replaces the one before. */
  readonly progress: (text: string) => void;
  /** A line that stays. */
  readonly note: (text: string) => void;
  /** Aborted with the LfctlError to end with (INTERRUPTED, TERMINATED, TIMEOUT). */
  readonly signal: AbortSignal;
  /** Folder of the built programs, when it is not the one this code was built into. */
  readonly programFolder?: string;
}
