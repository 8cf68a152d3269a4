import type { Connections } from '../langfuse/connections.ts';

/** One running worker and its connections. */
export type Worker = Connections;
