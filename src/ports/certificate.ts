import type { Access } from './dialer.ts';

/** What a server shows in the TLS handshake, whether or not it is trusted. */
export interface Certificate {
  /** DNS names and addresses that it is for; wildcards as they stand. */
  readonly names: readonly string[];
  /** Whether the name that was asked for is one of them. */
  readonly fits: boolean;
  /** Common name or organisation of who signed it. */
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Why its authority is not trusted here; null when it is. */
  readonly distrust: string | null;
}

/** Looks at the certificate of a server and sends nothing. @throws LfctlError LANGFUSE_* when there is no handshake */
export type LookAtCertificate = (host: string, port: number, access: Access) => Promise<Certificate>;
