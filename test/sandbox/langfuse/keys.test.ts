import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bcryptHash, fastHash } from '../../../src/sandbox/programs/langfuse/api-key.ts';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { readCapture } from './captures.ts';
import { basic, labKey, openLab, type Lab, type LabProgram } from './lab.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

const recorded = readCapture('keep-alive-credentials-salt.json') as {
  readonly keepAlive: readonly { readonly env: readonly string[]; readonly header: string }[];
  readonly credentials: readonly { readonly case: string; readonly status: number; readonly body: string }[];
};
const bySql = readCapture('keys-by-sql.json') as {
  readonly fastHashVector: { readonly secret: string; readonly salt: string; readonly fastHash: string };
};

let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab();
  web = await ready();
}, 60_000);
beforeEach(async () => {
  await lab.redis.flushall();
});
afterAll(async () => await lab.close());

async function ready(more: Readonly<Record<string, string>> = {}): Promise<LabProgram> {
  const started = lab.start(langfuseWebServer, more);
  await eventually(async () => await fetch(`${started.url}/api/public/health`));
  return started;
}

async function projects(headers: Readonly<Record<string, string>>, from = web): Promise<Answer> {
  const answer = await fetch(`${from.url}/api/public/projects`, { headers });
  return { status: answer.status, body: await answer.text() };
}

const headersOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'right pair': labKey,
  'wrong secret': basic('pk-lf-lab', 'sk-lf-wrong'),
  'unknown public key, right secret': basic('pk-lf-nobody', 'sk-lf-lab'),
  swapped: basic('sk-lf-lab', 'pk-lf-lab'),
  'no header': {},
  'bearer with public key': { authorization: 'Bearer pk-lf-lab' },
  'not base64': { authorization: 'Basic %%%' },
};

describe('stage server: credentials are checked as captured', () => {
  it.each(recorded.credentials.map((one) => [one.case, one] as const))('%s', async (name, one) => {
    const headers = headersOf[name];
    expect(headers, 'a request for each captured case').toBeDefined();
    expect(await projects(headers ?? {})).toEqual({ status: one.status, body: one.body });
  });
});

describe('stage server: the keep-alive header comes from KEEP_ALIVE_TIMEOUT alone', () => {
  it.each(recorded.keepAlive.map((one) => [one.env.join(' ') || 'nothing set', one] as const))(
    '%s',
    async (_env, one) => {
      const pairs = one.env.map((entry) => entry.split('=') as [string, string]);
      const started = await ready(Object.fromEntries(pairs));
      const answer = await fetch(`${started.url}/api/public/health`);
      expect(answer.headers.get('keep-alive')).toBe(one.header);
      await started.stop();
    },
  );
});

describe('stage server: keys written by SQL', () => {
  const { secret, salt, fastHash: hash } = bySql.fastHashVector;
  const pair = basic('pk-lf-capture-0001', secret);
  const cached = `api-key:${hash}`;
  const insert = async (): Promise<void> => {
    await lab.sql(
      `INSERT INTO api_keys (id, note, public_key, hashed_secret_key, display_secret_key, fast_hashed_secret_key, project_id)
       VALUES ('capkey1', 'by sql', 'pk-lf-capture-0001', $1, 'sk-lf-...0001', $2, 'lab-project')`,
      [await bcryptHash(secret, 4), hash],
    );
  };

  it('follows the captured steps: negative cache, sliding cache, DEL', async () => {
    expect(fastHash(secret, salt)).toBe(hash);
    expect((await projects(pair)).status).toBe(401);
    expect(await lab.redis.get(cached)).toBe('"api-key-non-existent"');
    expect(await lab.redis.ttl(cached)).toBeGreaterThan(295);
    await insert();
    expect((await projects(pair)).status).toBe(401);
    await lab.redis.del(cached);
    expect((await projects(pair)).status).toBe(200);
    expect(JSON.parse((await lab.redis.get(cached)) ?? '')).toMatchObject({
      id: 'capkey1',
      note: 'by sql',
      publicKey: 'pk-lf-capture-0001',
      displaySecretKey: 'sk-lf-...0001',
      lastUsedAt: null,
      projectId: 'lab-project',
      orgId: 'lab-org',
    });
    await lab.sql(`DELETE FROM api_keys WHERE id = 'capkey1'`);
    await lab.redis.expire(cached, 10);
    expect((await projects(pair)).status).toBe(200);
    expect(await lab.redis.ttl(cached)).toBeGreaterThan(295);
    await lab.redis.del(cached);
    expect((await projects(pair)).status).toBe(401);
  });

  it('does not cache a wrong secret of a known key', async () => {
    expect((await projects(basic('pk-lf-lab', 'sk-lf-wrong'))).status).toBe(401);
    expect(await lab.redis.keys('api-key:*')).toEqual([]);
  });

  it('puts REDIS_KEY_PREFIX before the cache key', async () => {
    const prefixed = await ready({ REDIS_KEY_PREFIX: 'lf' });
    await projects(labKey, prefixed);
    expect(await lab.redis.keys('*')).toEqual([`lfapi-key:${fastHash('sk-lf-lab', salt)}`]);
    await prefixed.stop();
  });
});

describe('stage server: another SALT', () => {
  it('accepts the key by bcrypt and rewrites its fast hash; only the second call is cached', async () => {
    await projects(labKey);
    const before = fastHash('sk-lf-lab', 'labsalt');
    const after = fastHash('sk-lf-lab', 'another');
    const salted = await ready({ SALT: 'another' });
    expect((await projects(labKey, salted)).status).toBe(200);
    const [row] = await lab.sql(
      `SELECT fast_hashed_secret_key AS hash FROM api_keys WHERE public_key = 'pk-lf-lab'`,
    );
    expect(row).toEqual({ hash: after });
    expect(await lab.redis.keys('api-key:*')).toEqual([`api-key:${before}`]);
    await projects(labKey, salted);
    expect((await lab.redis.keys('api-key:*')).sort()).toEqual(
      [`api-key:${after}`, `api-key:${before}`].sort(),
    );
    // Back under the first SALT the cache still knows the key, so the row stays as it is.
    expect((await projects(labKey)).status).toBe(200);
    expect(
      await lab.sql(`SELECT fast_hashed_secret_key AS hash FROM api_keys WHERE public_key = 'pk-lf-lab'`),
    ).toEqual([{ hash: after }]);
    await salted.stop();
  });
});

describe('stage server: readiness after SIGTERM', () => {
  it('answers 500 while it drains, and health goes on', async () => {
    const draining = lab.start(langfuseWebServer, {}, 200);
    await eventually(async () => await fetch(`${draining.url}/api/public/health`));
    const exit = draining.stop();
    const answer = await fetch(`${draining.url}/api/public/ready`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      status: 'SIGTERM / SIGINT received, shutting down',
      version: '3.199.0',
    });
    expect((await fetch(`${draining.url}/api/public/health`)).status).toBe(200);
    expect(await exit).toBe(0);
  });
});
