import { Client } from 'minio';
import { objectsProgram } from '../../../src/sandbox/programs/objects.ts';
import { runProgram } from '../redis/program-run.ts';
import type { ProgramRun } from '../redis/program-run.ts';

export const accessKey = 'minio-root';
export const secretKey = 'canary-objects-91ce';

/** The S3 server on an address of its own, with the bucket that Langfuse uses. */
export async function startStore(
  env: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<ProgramRun> {
  const run = await runProgram(objectsProgram, {
    args: ['server', '/data'],
    env: {
      MINIO_ROOT_USER: accessKey,
      MINIO_ROOT_PASSWORD: secretKey,
      MINIO_DEFAULT_BUCKETS: 'langfuse-production',
      ...env,
    },
    ...(folder === undefined ? {} : { folder, mounts: { '/data': folder } }),
  });
  await run.line(/^API: http/);
  return run;
}

/** minio's own client for it. */
export function clientOf(
  run: ProgramRun,
  parts: Partial<{ accessKey: string; secretKey: string }> = {},
): Client {
  return new Client({
    endPoint: run.address,
    port: 9000,
    useSSL: false,
    region: 'us-east-1',
    pathStyle: true,
    accessKey,
    secretKey,
    ...parts,
  });
}

/** All items of a stream of the client. */
export async function itemsOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A whole object. */
export async function bodyOf(client: Client, bucket: string, key: string): Promise<Buffer> {
  return Buffer.concat(await itemsOf<Buffer>(await client.getObject(bucket, key)));
}

/** The code that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  }
}
