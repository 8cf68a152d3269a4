/** One revision of a Helm release, read from its Secret; values are kept apart because they may hold secrets. */
export interface HelmRevision {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** deployed, superseded, failed, pending-install, pending-upgrade, pending-rollback, uninstalled, uninstalling, unknown */
  readonly status: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion: string;
  /** RFC 3339. */
  readonly deployedAt: string | null;
  readonly description: string;
  /** Dotted paths of the user-supplied values, without the values. */
  readonly valuePaths: readonly string[];
  /** Values found under secret-looking paths that stand in plain text: dotted paths only. */
  readonly plaintextSecretPaths: readonly string[];
}

/** Helm's own records in the cluster; the helm program is not needed. */
export interface HelmPort {
  /** All stored revisions of all releases in the namespace, oldest first. @throws LfctlError KUBE_FORBIDDEN */
  readonly revisions: (namespace: string) => Promise<HelmRevision[]>;
}
