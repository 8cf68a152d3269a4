import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { headerDictionary } from '../../../src/sandbox/cluster/api/spdy/dictionary.ts';
import type { Frame } from '../../../src/sandbox/cluster/api/spdy/frames.ts';
import { controlFrame, dataFrame, readFrames } from '../../../src/sandbox/cluster/api/spdy/frames.ts';
import { serveSpdy } from '../../../src/sandbox/cluster/api/spdy/session.ts';

describe('SPDY', () => {
  it('has the dictionary of the draft', () => {
    expect(headerDictionary).toHaveLength(1423);
  });

  it('reads frames however they are cut', async () => {
    const bytes = Buffer.concat([dataFrame(1, Buffer.from('abc'), 1), controlFrame(6, Buffer.alloc(4))]);
    const cut = new PassThrough();
    const reading = (async () => {
      const frames: Frame[] = [];
      for await (const frame of readFrames(cut)) frames.push(frame);
      return frames;
    })();
    for (const byte of bytes) cut.write(Buffer.from([byte]));
    cut.end();
    expect(await reading).toEqual([
      { kind: 'data', stream: 1, flags: 1, payload: Buffer.from('abc') },
      { kind: 'control', type: 6, flags: 0, payload: Buffer.alloc(4) },
    ]);
  });

  it('ends with an error on a broken header block', async () => {
    const transport = new PassThrough();
    transport.end(controlFrame(1, Buffer.from('not a compressed header block')));
    await expect(serveSpdy(transport, () => undefined)).rejects.toThrow();
    expect(transport.destroyed).toBe(true);
  });
});
