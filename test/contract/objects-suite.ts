import { expect, it } from 'vitest';
import { objectsOpener } from '../../src/adapters/objects.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { ObjectsPort, ObjectsTarget } from '../../src/ports/objects.ts';
import { accessOf, canary, errorOf, expectNoSecret } from '../adapters/support.ts';

const openObjects = objectsOpener();

async function using<Value>(
  target: ObjectsTarget,
  run: (port: ObjectsPort) => Promise<Value>,
): Promise<Value> {
  const port = await openObjects(target, accessOf({ queryTimeoutMs: 10_000 }));
  try {
    return await run(port);
  } finally {
    port.close();
  }
}

/** What every object store behind the port does. */
export function objectsSuite(target: () => ObjectsTarget): void {
  it('finds the bucket', async () => {
    await using(target(), (port) => port.headBucket());
  });

  it('puts, lists, reads and removes an object', async () => {
    await using(target(), async (port) => {
      const key = 'suite/events/ümlaut und leer.json';
      await port.put(key, Buffer.from('{"a":1}'));
      expect((await port.stat(key))?.sizeBytes).toBe(7);
      expect((await port.get(key, 100)).toString()).toBe('{"a":1}');
      const listed = await port.list('suite/events/', 10);
      expect(listed.map((one) => one.key)).toEqual([key]);
      expect(listed[0]?.modifiedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      await port.remove(key);
      expect(await port.stat(key)).toBeNull();
      await port.remove(key);
    });
  });

  it('removes many at once, whether or not they are there', async () => {
    await using(target(), async (port) => {
      const keys = Array.from({ length: 7 }, (_, index) => `suite/many/${index}ü&<b>.json`);
      for (const key of keys) await port.put(key, Buffer.from('x'));
      await port.removeAll([...keys.slice(0, 6), 'suite/many/none']);
      expect((await port.list('suite/many/', 10)).map((one) => one.key)).toEqual(keys.slice(6));
      await port.removeAll(keys);
      await port.removeAll([]);
      expect(await port.list('suite/many/', 10)).toEqual([]);
    });
  });

  it('lists in key order, no more than asked for', async () => {
    await using(target(), async (port) => {
      for (const name of ['c', 'a', 'b']) await port.put(`suite/order/${name}`, Buffer.from(name));
      const keys = (await port.list('suite/order/', 2)).map((one) => one.key);
      expect(keys).toEqual(['suite/order/a', 'suite/order/b']);
      expect(await port.list('suite/nothing/', 5)).toEqual([]);
    });
  });

  it('refuses an object that is longer than wanted', async () => {
    await using(target(), async (port) => {
      await port.put('suite/long', Buffer.alloc(300_000, 'x'));
      const error = await errorOf(port.get('suite/long', 1000));
      expect(error.code).toBe('OBJECTS_FAILED');
      expect(error.message).toContain('suite/long');
      expect((await port.get('suite/long', 300_000)).length).toBe(300_000);
    });
  });

  it('tells a missing object from a missing bucket', async () => {
    const key = await errorOf(using(target(), (port) => port.get('suite/none', 10)));
    expect(key.message).toContain('NoSuchKey');
    const missing = { ...target(), bucket: 'no-such-bucket' };
    for (const ask of [
      (port: ObjectsPort) => port.headBucket(),
      (port: ObjectsPort) => port.list('', 1),
      (port: ObjectsPort) => port.put('x', Buffer.from('x')),
    ]) {
      const error = await errorOf(using<unknown>(missing, ask));
      expect(error.code).toBe('OBJECTS_BUCKET');
    }
  });

  it('tells a wrong secret key from an unknown access key, also for HEAD', async () => {
    const secret = { ...target(), secretAccessKey: new Secret(canary) };
    const wrong = await errorOf(using(secret, (port) => port.headBucket()));
    expect(wrong.code).toBe('OBJECTS_AUTH');
    expect(wrong.message).toContain('SignatureDoesNotMatch');
    expectNoSecret(wrong);
    const unknown = await errorOf(using({ ...target(), accessKeyId: 'nobody' }, (port) => port.headBucket()));
    expect(unknown.code).toBe('OBJECTS_AUTH');
    expect(unknown.message).toContain('InvalidAccessKeyId');
  });

  it('is refused without a key', async () => {
    const { accessKeyId: _key, secretAccessKey: _secret, ...anonymous } = target();
    const error = await errorOf(using(anonymous, (port) => port.list('', 1)));
    expect(error.code).toBe('OBJECTS_FORBIDDEN');
  });
}
