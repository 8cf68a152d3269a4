import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
import { within } from '../net/deadline.ts';

/** One login. */
export interface Session {
  readonly client: Client;
  /** What the client speaks over; ending the client waits for the server, destroying this does not. */
  readonly stream: Duplex;
}

/** Says goodbye; a server that does not answer is left all the same. */
export async function leave({ client, stream }: Session): Promise<void> {
  await within(1000, new AbortController().signal, () => client.end()).catch(() => undefined);
  stream.destroy();
}
