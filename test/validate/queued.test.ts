/** Canaries that nothing but a job knows of. */
import { describe, expect, it } from 'vitest';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import type { RedisPort } from '../../src/ports/redis.ts';
import { canaryEnvironment, canaryName } from '../../src/validate/canary.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import { queuedCanaries } from '../../src/validate/clean/queued.ts';

const [json, exported, protobuf] = [1, 2, 3].map((second) => canaryTraceId('p-1', new Date(second * 1000)));
const jobs: Readonly<Record<string, string>> = {
  1: `{"payload":{"data":{"eventBodyId":"${json ?? ''}-score","projectId":"p-1"}}}`,
  2: '{"fileKey":"events/otel/p-1/2026/a.json"}',
  3: '{"fileKey":"events/otel/p-1/2026/b.json"}',
  4: '{"fileKey":"events/otel/p-1/2026/others.json"}',
  5: `{"payload":{"data":{"eventBodyId":"${json ?? ''}","projectId":"another"}}}`,
};
const name = `"${canaryName}","${canaryEnvironment}"`;
const files: Readonly<Record<string, string>> = {
  'events/otel/p-1/2026/a.json': `[{"traceId":"${exported ?? ''}",${name}}]`,
  'events/otel/p-1/2026/b.json': `[{"traceId":${JSON.stringify(Buffer.from(protobuf ?? '', 'hex'))},${name}}]`,
  'events/otel/p-1/2026/others.json': `[{"traceId":"${exported ?? ''}","name":"mine"}]`,
};

/** One list of waiting jobs. */
const redis = {
  pipeline: (commands: readonly (readonly (string | number)[])[]) =>
    Promise.resolve(
      commands.map(([command, key]) =>
        command === 'HGET'
          ? (jobs[String(key).split(':').at(-1) ?? ''] ?? null)
          : key === 'bull:ingestion-queue:wait'
            ? Object.keys(jobs)
            : [],
      ),
    ),
} as unknown as RedisPort;

const objects = {
  stat: (key: string) => Promise.resolve({ key, sizeBytes: files[key]?.length ?? 0, modifiedAt: '' }),
  get: (key: string) => Promise.resolve(Buffer.from(files[key] ?? '')),
} as unknown as ObjectsPort;

const store = { redis, target: null, queues: ['ingestion-queue', 'otel-ingestion-queue'] };

describe('canaries in the queues', () => {
  it('are found by their id, or in the raw file that the job of an export names', async () => {
    const found = await queuedCanaries(store, { state: 'open', port: { objects } }, 'p-1');
    expect(found).toEqual([
      { traceId: json },
      { traceId: exported, files: ['events/otel/p-1/2026/a.json'] },
      { traceId: protobuf, files: ['events/otel/p-1/2026/b.json'] },
    ]);
  });

  it('are found as far as their jobs name them where the bucket is out of reach', async () => {
    const found = await queuedCanaries(store, { state: 'skipped', detail: 'not configured' }, 'p-1');
    expect(found).toEqual([{ traceId: json }]);
  });
});
