import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { auditKeys } from '../../src/keys/audit.ts';
import { cacheHabit, clearCache } from '../../src/keys/cache.ts';
import { exportPairs } from '../../src/keys/export.ts';
import { listKeys } from '../../src/keys/list.ts';
import { pairInSecret, verifyPair } from '../../src/keys/verify.ts';
import { usualNames } from '../../src/keys/deliver.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import type { KubeObject } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { auditText } from '../../src/render/keys/audit.ts';
import { exportMarkdown } from '../../src/render/keys/export.ts';
import { keyRows, keysText } from '../../src/render/keys/list.ts';
import { verifiedText } from '../../src/render/keys/verified.ts';
import type { KeysWorld } from './world.ts';
import { deploymentOf, keysWorld, rowOf } from './world.ts';

const style = { color: false, columns: 200, verbose: false, interactive: false };
const secret = 'sk-lf-11111111-1111-4111-8111-111111111111';
const base = [
  await rowOf('one', secret),
  await rowOf('old', 'sk-lf-old', { created_at: '2026-01-01T00:00:00.000', note: 'left | over' }),
  await rowOf('agent', 'sk-lf-agent', { is_in_app_agent_key: true }),
  await rowOf('org', 'sk-lf-org', { scope: 'ORGANIZATION', project_id: null, organization_id: 'acme' }),
] as const;

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** A consumer that holds the pair of `one` in a Secret, with as many workloads and copies as asked for. */
async function consumed(
  world: KeysWorld,
  workloads: readonly string[],
  copies: readonly string[],
): Promise<void> {
  const data = { LANGFUSE_PUBLIC_KEY: encoded('pk-lf-one'), LANGFUSE_SECRET_KEY: encoded(secret) };
  for (const name of copies)
    await world.kube.create(resources.secrets, 'apps', { metadata: { name }, data } as KubeObject);
  for (const name of workloads) {
    const template = { spec: { containers: [{ name, envFrom: [{ secretRef: { name: copies[0] } }] }] } };
    await world.kube.create(resources.deployments, 'apps', {
      metadata: { name },
      spec: { template },
    } as KubeObject);
  }
}

/** A ClickHouse whose tables note keys, or not. */
const clickhouse = (tables: readonly string[], uses: readonly object[] = []): Pick<Tenancy, 'clickhouse'> => {
  const query = (sql: string): Promise<unknown[]> =>
    Promise.resolve(sql.includes('system.columns') ? tables.map((table) => ({ table })) : [...uses]);
  return { clickhouse: { state: 'open', port: { query } as unknown as ClickHousePort } };
};

describe('the list of keys', () => {
  it('tells last use by the cache, consumers, origin and scope', async () => {
    const world = keysWorld(base);
    await consumed(world, ['app'], ['pair', 'copy']);
    world.request('web-1', 'pk-lf-one', secret);
    const { keys, lastUsedReach, unknown } = await listKeys(world.tenancy(), undefined);
    expect(
      keys.map(({ publicKey, scope, origin, lastUsedSource }) => [publicKey, scope, origin, lastUsedSource]),
    ).toEqual([
      ['pk-lf-one', 'project', 'unknown', 'redis'],
      ['pk-lf-old', 'project', 'unknown', null],
      ['pk-lf-agent', 'project', 'in-app-agent', null],
      ['pk-lf-org', 'organization', 'unknown', null],
    ]);
    expect(keys[0]?.consumers).toEqual(['Deployment apps/app', 'Secret apps/copy']);
    expect(keys[0]?.lastUsedAt).toBe('2026-11-21T10:11:12.000Z');
    expect(keys[1]?.ageDays).toBe(324);
    expect([lastUsedReach.startsWith('any use within 300 s, by the cache'), unknown]).toEqual([true, []]);
  });

  it('tells ingestion where the version notes it, and takes the later use', async () => {
    const world = keysWorld(base);
    world.request('web-1', 'pk-lf-one', secret);
    const uses = [
      { publicKey: 'pk-lf-one', at: Date.parse('2026-11-20T00:00:00Z') },
      { publicKey: 'pk-lf-old', at: String(Date.parse('2026-03-01T00:00:00Z')) },
    ];
    const { keys } = await listKeys(world.tenancy(clickhouse(['events_core', 'scores'], uses)), undefined);
    expect(keys.map(({ lastUsedAt, lastUsedSource }) => [lastUsedAt, lastUsedSource]).slice(0, 2)).toEqual([
      ['2026-11-21T10:11:12.000Z', 'redis'],
      ['2026-03-01T00:00:00.000Z', 'clickhouse'],
    ]);
  });

  it('takes a cached denial for no use', async () => {
    const world = keysWorld(base);
    world.request('web-1', 'pk-lf-nobody', 'sk-lf-old-but-other');
    const { keys } = await listKeys(world.tenancy(), undefined);
    expect(keys.every(({ lastUsedAt }) => lastUsedAt === null)).toBe(true);
  });

  it('says what could not be looked at', async () => {
    const world = keysWorld(base);
    world.redis = 'down';
    world.kube.forbidden.add('list secrets');
    const { unknown } = await listKeys(world.tenancy(), undefined);
    expect(unknown.join('\n')).toContain('Redis refuses connections');
    expect(unknown.join('\n')).toMatch(/secrets/i);
  });

  it('is shown with what an absent last use means', async () => {
    const expiring = await rowOf('exp', 'sk-lf-exp', { expires_at: '2026-02-01T00:00:00.000' });
    const listing = await listKeys(keysWorld([...base, expiring]).tenancy(), undefined);
    const text = keysText(listing, style);
    expect(text).toContain('last used: any use within 300 s');
    expect(text).toContain('2026-02-01 (not enforced)');
    expect(text).toContain('(in-app agent)');
    expect(keyRows(listing)).toHaveLength(5);
    expect(keyRows(listing)[0]).toHaveLength(10);
  });

  it('is of one project where one is named', async () => {
    const { keys } = await listKeys(keysWorld(base).tenancy(), 'production');
    expect(keys.map(({ publicKey }) => publicKey)).not.toContain('pk-lf-org');
  });
});

describe('the audit', () => {
  const days = (count: number): number => count * 86_400_000;
  const found = async (world: KeysWorld, more: Partial<Tenancy> = {}): Promise<string[]> => {
    const options = { project: undefined, olderThanMs: days(90) };
    const { findings } = await auditKeys(world.tenancy({ ...clickhouse(['events_core']), ...more }), options);
    return findings.map(({ id, publicKey }) => `${id} ${publicKey}`);
  };

  it('finds nothing wrong with a key that one workload uses', async () => {
    const world = keysWorld([base[0]]);
    await consumed(world, ['app'], ['pair']);
    expect(await found(world)).toEqual([]);
  });

  it('finds what is unused, old, expired', async () => {
    const expired = await rowOf('exp', 'sk-lf-exp', { expires_at: '2026-02-01T00:00:00.000' });
    const world = keysWorld([base[1], expired]);
    world.request('web-1', 'pk-lf-exp', 'sk-lf-exp');
    expect(await found(world)).toEqual(['old pk-lf-old', 'unused pk-lf-old', 'expired pk-lf-exp']);
  });

  it('calls nothing unused where the version does not note what was sent', async () => {
    const world = keysWorld([base[0]]);
    expect(await found(world, clickhouse(['scores']))).toEqual([]);
    const options = { project: undefined, olderThanMs: days(90) };
    const { skipped } = await auditKeys(world.tenancy(clickhouse([])), options);
    expect(skipped.join()).toContain('does not note');
  });

  it('finds what is shared, copied, and in plain text', async () => {
    const world = keysWorld([base[0]]);
    await consumed(world, ['app', 'batch'], ['pair', 'copy']);
    const plain = { metadata: { name: 'plain' }, data: { 'app.yaml': `key: ${secret}` } } as KubeObject;
    await world.kube.create(resources.configMaps, 'apps', plain);
    expect(await found(world)).toEqual(['shared pk-lf-one', 'copied pk-lf-one', 'in-plain-text pk-lf-one']);
  });

  it('does not mind a public key in a ConfigMap', async () => {
    const world = keysWorld([base[0]]);
    const plain = { metadata: { name: 'plain' }, data: { key: 'pk-lf-one' } } as KubeObject;
    await world.kube.create(resources.configMaps, 'apps', plain);
    expect(await found(world)).toEqual([]);
  });

  it('finds keys whose maker is gone, and those that web makes again', async () => {
    const world = keysWorld([base[0]]);
    await consumed(world, ['app'], ['pair']);
    world.ownerless = ['one'];
    const deployment = deploymentOf({
      LANGFUSE_INIT_ORG_ID: 'o',
      LANGFUSE_INIT_PROJECT_ID: 'p1',
      LANGFUSE_INIT_PROJECT_PUBLIC_KEY: 'pk-lf-one',
      LANGFUSE_INIT_PROJECT_SECRET_KEY: secret,
    });
    expect(await found(world, { deployment })).toEqual(['owner-deleted pk-lf-one', 'provisioned pk-lf-one']);
  });

  it('is shown with what was not looked at', async () => {
    const world = keysWorld(base);
    const audit = await auditKeys(world.tenancy(), { project: undefined, olderThanMs: days(90) });
    const text = auditText(audit, style);
    expect(text).toContain('lfctl key rotate pk-lf-old');
    expect(text).toContain('not looked at: which keys are unused');
  });
});

describe('verifying a pair', () => {
  const pair = (publicKey: string, secretKey: string) => ({
    publicKey,
    secretKey: new Secret(secretKey),
    origin: 'a test',
  });

  it.each([
    ['pk-lf-one', secret, 'yes', 'ok'],
    ['pk-lf-old', secret, 'of-another', 'findings'],
    ['pk-lf-one', 'sk-lf-nobodys', 'no-key', 'findings'],
  ])('%s with %s: %s', async (publicKey, secretKey, belongs, verdict) => {
    const found = await verifyPair(keysWorld(base).tenancy(), pair(publicKey, secretKey));
    expect([found.belongs, found.verdict]).toEqual([belongs, verdict]);
    expect(verifiedText(found, style)).not.toContain(secretKey);
  });

  it('works without SALT, by the slow hash', async () => {
    const found = await verifyPair(keysWorld(base).tenancy({ salt: null }), pair('pk-lf-one', secret));
    expect(found.belongs).toBe('yes');
  });

  it('sees a pod that goes by a cache which Postgres contradicts', async () => {
    const world = keysWorld(base);
    world.request('web-1', 'pk-lf-one', secret);
    world.rows.delete('one');
    const found = await verifyPair(world.tenancy(), pair('pk-lf-one', secret));
    expect([found.verdict, found.notes.join().includes('lives in the cache')]).toEqual(['findings', true]);
  });

  it('is unknown where neither Postgres nor web can be asked', async () => {
    const world = keysWorld(base);
    for (const pod of ['web-1', 'web-2', 'web-3']) world.silent.add(pod);
    const down = new LfctlError('POSTGRES_REFUSED', { message: 'Postgres refuses' });
    const postgres = { state: 'unknown', why: down.message, error: down } as const;
    const found = await verifyPair(world.tenancy({ postgres }), pair('pk-lf-one', secret));
    expect([found.verdict, found.unknown.length]).toEqual(['unknown', 4]);
  });

  it('takes the pair from a Secret', async () => {
    const world = keysWorld(base);
    await consumed(world, [], ['pair']);
    const found = await pairInSecret(world.tenancy(), 'apps/pair', usualNames);
    expect([found.publicKey, found.secretKey.reveal()]).toEqual(['pk-lf-one', secret]);
    await expect(pairInSecret(world.tenancy(), 'apps/none', usualNames)).rejects.toThrow('is not there');
    for (const where of ['pair', '/pair', 'apps/', 'apps/pair/x'])
      await expect(pairInSecret(world.tenancy(), where, usualNames)).rejects.toThrow('NAMESPACE/NAME');
  });
});

describe('the record', () => {
  it('has no secret; the sealed one has those that the cluster holds', async () => {
    const world = keysWorld(base);
    await consumed(world, ['app'], ['pair']);
    const { record, whole } = await exportPairs(world.tenancy(), undefined);
    expect(JSON.stringify(record)).not.toContain(secret);
    const { keys } = JSON.parse(whole.reveal()) as {
      keys: { publicKey: string; secretKey: string | null }[];
    };
    expect(keys.map(({ secretKey }) => secretKey)).toEqual([secret, null, null, null]);
    expect(exportMarkdown(record)).toContain('left \\| over');
  });
});

describe('the cache of keys', () => {
  it.each([
    ['3.80.0', 3, {}, 'off'],
    ['3.81.0', 3, {}, 'on'],
    ['4.16.0', 4, {}, 'on'],
    ['2.95.12', 2, {}, 'off'],
    ['2.95.12', 2, { LANGFUSE_CACHE_API_KEY_ENABLED: 'true' }, 'on'],
    ['3.199.0', 3, { LANGFUSE_CACHE_API_KEY_ENABLED: 'false' }, 'off'],
  ] as const)('of %s (%i) with %j is %s', (version, generation, variables, use) => {
    const tenancy = keysWorld().tenancy({ version, generation, deployment: deploymentOf(variables) });
    expect(cacheHabit(tenancy).use).toBe(use);
  });

  it('has every form of a name sought where the prefix is not known', async () => {
    const world = keysWorld();
    for (const prefix of ['', 'team:'])
      world.cache.set(`${prefix}api-key:abc`, { denies: false, leftMs: 1000 });
    const cleared = await clearCache(world.tenancy({ deployment: null }), ['abc']);
    expect([cleared, world.cache.size]).toEqual([{ state: 'cleared', entries: 2 }, 0]);
  });
});
