import type { Connections } from '../langfuse/connections.ts';
import type { Objects } from '../langfuse/objects.ts';

/** One running web server and its connections. */
export interface Web extends Connections {
  /** The bucket of uploaded media. */
  readonly media: Objects;
}
