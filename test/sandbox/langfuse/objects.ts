import { bucket } from './deliver.ts';
import type { Lab } from './lab.ts';

export interface StoredText {
  readonly key: string;
  readonly body: string;
}

/** What lies in the lab's bucket under a prefix, by key. */
export async function storedObjects(lab: Lab, prefix: string): Promise<StoredText[]> {
  const client = bucket(lab);
  const keys: string[] = [];
  for await (const item of client.listObjectsV2('langfuse', prefix, true) as AsyncIterable<{ name?: string }>)
    if (item.name !== undefined) keys.push(item.name);
  const found: StoredText[] = [];
  for (const key of keys.sort()) {
    const parts: Buffer[] = [];
    for await (const part of (await client.getObject('langfuse', key)) as AsyncIterable<Buffer>)
      parts.push(part);
    found.push({ key, body: Buffer.concat(parts).toString() });
  }
  return found;
}
