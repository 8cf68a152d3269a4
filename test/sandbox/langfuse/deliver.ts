import { Queue } from 'bullmq';
import { Client } from 'minio';
import { canary, type Lab } from './lab.ts';

export interface Delivery {
  readonly queue: string;
  readonly key: string;
  /** What the file holds, as JSON text. */
  readonly body: string;
  readonly job: { readonly name: string; readonly data: object; readonly opts?: object };
}

/** A client of the lab's bucket. */
export function bucket(lab: Lab): Client {
  const { objects } = lab.addresses;
  return new Client({ endPoint: objects, port: 9000, useSSL: false, accessKey: 'minio', secretKey: canary });
}

/** What web does with an accepted request: a file in the bucket, then a job. */
export async function deliver(lab: Lab, { queue: name, key, body, job }: Delivery): Promise<void> {
  await bucket(lab).putObject('langfuse', key, body);
  await withQueue(lab, name, async (queue) => await queue.add(job.name, job.data, { ...job.opts }));
}

export async function withQueue<Result>(
  lab: Lab,
  name: string,
  work: (queue: Queue) => Promise<Result>,
): Promise<Result> {
  const queue = new Queue(name, { connection: { host: lab.addresses.redis } });
  queue.on('error', () => undefined);
  try {
    return await work(queue);
  } finally {
    await queue.disconnect();
  }
}
