import { expect, it } from 'vitest';
import type { RotationInput } from '../../../src/keys/rotate/input.ts';
import { rotatedKeys } from '../../../src/keys/rotate/result.ts';
import type { Applied } from '../../../src/plan/apply.ts';
import { rotatedText } from '../../../src/render/keys/rotate.ts';

const input: RotationInput = {
  rotations: [
    {
      old: {},
      publicKey: 'pk-lf-1',
      project: 'production',
      next: { id: 'k2', publicKey: 'pk-lf-2' },
      secrets: [{ namespace: 'apps', name: 'shop', keys: ['PK'] }],
      restarts: [],
      target: { namespace: 'apps', name: 'next' },
    },
  ],
  waits: { graceMs: 1000, maxWaitMs: 1000, isSeen: true, keepOld: true },
};

const applied = (done: readonly string[], more: Partial<Applied> = {}): Applied => ({
  run: 'r',
  outcome: 'done',
  steps: done.map((name) => ({ id: `${name}:pk-lf-1`, outcome: 'done', ms: 1 })),
  undone: [],
  failure: null,
  exit: 'ok',
  records: new Map(),
  ...more,
});

it.each([
  ['not begun', [], {}, 'planned'],
  ['made', ['create-key'], {}, 'created'],
  // Nobody was seen to run with it.
  ['handed over alone', ['create-key', 'to-secret:apps/next'], {}, 'distributed'],
  ['restarted', ['create-key', 'write-secret:apps/shop', 'restart:x', 'adopted'], {}, 'adopted'],
  ['at its end', ['create-key', 'adopted', 'idle', 'revoke-key'], {}, 'revoked'],
  ['taken back', [], { outcome: 'undone' }, 'undone'],
] as const)('a rotation that is %s says so', (_what, done, more, stage) => {
  expect(rotatedKeys(input, applied(done, more))).toMatchObject([
    { publicKey: 'pk-lf-1', newPublicKey: 'pk-lf-2', stage, secrets: ['apps/shop', 'apps/next'] },
  ]);
});

it('says by what the overlap ended', () => {
  const records = new Map([['idle:pk-lf-1', { idleMs: 300_000, isNewUsed: true, oldUses: 0 }]]);
  const text = rotatedText(rotatedKeys(input, applied(['revoke-key'], { records })));
  expect(text).toBe(
    'production: pk-lf-1 -> pk-lf-2: the old key is revoked\n  the old key had been idle for 300 s; the new key was seen in use\n',
  );
});
