import { describe, expect, it } from 'vitest';
import { canaryIds, makeCanary } from '../../src/validate/canary.ts';
import { canaryPrefix, canaryTime, canaryTraceId } from '../../src/validate/canary-id.ts';

const at = new Date('2026-11-21T02:00:00.900Z');

describe('the id of a canary', () => {
  it('is a valid W3C trace id that begins with the mark and holds its second', () => {
    const id = canaryTraceId('project', at);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id.startsWith(canaryPrefix)).toBe(true);
    expect(canaryTime('project', id)).toEqual(new Date('2026-11-21T02:00:00Z'));
  });

  it('stays the same from release to release: clean-up must know the canaries of older ones', () => {
    // Computed apart from this code: HMAC-SHA-256 in Python's hashlib.
    expect(canaryTraceId('project', at)).toBe('6c6663746b00fb20dca598ff6bc0e54e');
  });

  it('is of its project alone, and no id that is not sealed is one', () => {
    const id = canaryTraceId('project', at);
    expect(canaryTime('other', id)).toBeNull();
    for (let byte = 0; byte < 16; byte += 1) {
      const bytes = Buffer.from(id, 'hex');
      bytes[byte] = (bytes[byte] ?? 0) ^ 1;
      expect(canaryTime('project', bytes.toString('hex')), String(byte)).toBeNull();
    }
    for (const other of ['', id.slice(1), `${id}0`, id.toUpperCase(), '0af7651916cd43dd8448eb211c803177'])
      expect(canaryTime('project', other)).toBeNull();
  });

  it('gives all other ids, so that they are known without the canary', () => {
    const canary = makeCanary('project', 'otlp-json', at);
    expect(canary).toMatchObject(canaryIds('project', canary.traceId, at));
    expect(canary.rootId).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set([canary.rootId, canary.generationId]).size).toBe(2);
  });
});
