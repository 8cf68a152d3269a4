import { describe, expect, it } from 'vitest';
import type { Consumer, Consumers } from '../../../src/keys/consumers/find.ts';
import type { Holder } from '../../../src/keys/consumers/holders.ts';
import { survey } from '../../../src/keys/rotate/survey.ts';

const publicKey = 'pk-lf-1';
const holder = (more: Partial<Holder> = {}): Holder => ({
  kind: 'Secret',
  namespace: 'apps',
  name: 'shop',
  entries: [
    { key: 'PK', publicKey, part: 'public-key' },
    { key: 'SK', publicKey, part: 'secret-key' },
  ],
  isImmutable: false,
  writer: null,
  ...more,
});
const user = (more: Partial<Consumer> = {}, of: Holder = holder()): Consumer => ({
  kind: 'Deployment',
  namespace: 'apps',
  name: 'shop',
  uses: [{ holder: of, variables: [{ name: 'PK', key: 'PK' }], mounts: [] }],
  literals: [],
  ...more,
});
const initOnly = { name: 'LANGFUSE_INIT_PROJECT_PUBLIC_KEY', key: 'PK' };
const looked = (holders: readonly Holder[], workloads: readonly Consumer[] = []): ReturnType<typeof survey> =>
  survey({ holders, workloads, unknown: [] } satisfies Consumers);

describe('the consumers of a key', () => {
  it('have their Secrets written and are restarted', () => {
    expect(looked([holder()], [user()])).toEqual({
      secrets: [{ namespace: 'apps', name: 'shop', keys: ['PK', 'SK'] }],
      restarts: [{ kind: 'Deployment', namespace: 'apps', name: 'shop' }],
      handOvers: [],
      left: [],
      unknown: [],
    });
  });

  it('that only provision at their start are not restarted', () => {
    const uses = [{ holder: holder(), variables: [initOnly], mounts: [] }];
    const found = looked([holder()], [user({ uses })]);
    expect([found.restarts, found.left]).toEqual([
      [],
      ['Deployment apps/shop: it reads LANGFUSE_INIT_PROJECT_* at its next start alone'],
    ]);
    const both = [{ holder: holder(), variables: [initOnly, { name: 'SK', key: 'SK' }], mounts: [] }];
    expect(looked([holder()], [user({ uses: both })]).restarts).toHaveLength(1);
  });

  it('that run by a schedule take the new pair with the next run', () => {
    expect(looked([holder()], [user({ kind: 'CronJob' })])).toMatchObject({
      restarts: [],
      left: ['CronJob apps/shop: its next run takes the new pair'],
    });
  });

  const writer = { name: 'ExternalSecret apps/shop', instead: 'in the store' };
  it.each([
    ['ConfigMap apps/shop', holder({ kind: 'ConfigMap' }), 'a ConfigMap is plain text'],
    ['Secret apps/shop', holder({ isImmutable: true }), 'it is immutable'],
    ['Secret apps/shop', holder({ writer }), 'ExternalSecret apps/shop writes it'],
  ])('that lfctl does not write are handed over: %s', (place, of, why) => {
    const found = looked([of], [user({}, of)]);
    expect(found).toMatchObject({ secrets: [], restarts: [], handOvers: [{ place, why }] });
  });

  it.each([
    ['Pod apps/shop', user({ kind: 'Pod' })],
    [
      'Deployment apps/shop variable KEY',
      user({ literals: [{ container: 'app', variable: 'KEY', publicKey, part: 'public-key' }] }),
    ],
  ])('that nobody makes again by a restart are handed over: %s', (place, workload) => {
    expect(looked([holder()], [workload]).handOvers).toMatchObject([{ place }]);
  });
});
