import type { Connections } from '../langfuse/connections.ts';
import type { Objects } from '../langfuse/objects.ts';
import type { MigrationFlags } from '../langfuse/write-mode.ts';

/** One running web server and its connections. */
export interface Web extends Connections {
  /** The bucket of uploaded media. */
  readonly media: Objects;
  /** Which tables are written and read. */
  readonly flags: MigrationFlags;
}
