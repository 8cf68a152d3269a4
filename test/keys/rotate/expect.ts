import { expect } from 'vitest';
import type { RotationWorld } from './world.ts';
import { oldPair, oldRow } from './world.ts';

/** What must hold after a rotation, however it came about. */
export function expectRotated(world: RotationWorld): void {
  const [row, ...more] = [...world.rows.values()];
  expect(more).toEqual([]);
  expect(row).toMatchObject({ note: 'litellm', project_id: 'p1', scope: 'PROJECT' });
  expect(row?.['public_key']).not.toBe(oldPair.publicKey);
  for (const { namespace, name, publicKey, secretKey } of world.consumers) {
    expect(publicKey).toBe(row?.['public_key']);
    expect(world.valueOf(namespace, name, 'LANGFUSE_PUBLIC_KEY')).toBe(publicKey);
    expect(world.valueOf(namespace, name, 'LANGFUSE_SECRET_KEY')).toBe(secretKey);
    expect(world.use(secretKey)).toBe(true);
  }
  expect(world.use(oldPair.secretKey)).toBe(false);
  expect(world.failed).toEqual([]);
}

/** The world as it was. */
export function expectUndone(world: RotationWorld): void {
  expect([...world.rows.values()]).toEqual([oldRow()]);
  for (const consumer of world.consumers) {
    expect(consumer).toMatchObject(oldPair);
    expect(world.valueOf(consumer.namespace, consumer.name, 'LANGFUSE_SECRET_KEY')).toBe(oldPair.secretKey);
  }
  expect([...world.kube.objects.keys()].filter((name) => name.includes('lfctl-previous'))).toEqual([]);
  expect(world.failed).toEqual([]);
}
