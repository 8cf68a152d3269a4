import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedisProgram } from '../../../src/sandbox/programs/redis.ts';
import { eventually, runProgram, testFolder, type RunningProgram } from '../stores/host.ts';
import { openBrowser } from '../langfuse/browser.ts';
import { ask, canary, labTimeoutMs, openLab2, type Lab2, type Web2Run } from './lab.ts';

let lab: Lab2;
let server: RunningProgram;
let redis: Redis;
let folder: { path: string; remove: () => Promise<void> };

beforeAll(async () => {
  lab = await openLab2();
  folder = await testFolder();
  server = runProgram(createRedisProgram(process.env['PATH'] ?? ''), {
    folder: join(folder.path, 'redis'),
    args: [],
  });
  redis = new Redis({ host: server.address, protocol: 2 });
  redis.on('error', () => undefined);
  await eventually(async () => await redis.ping());
}, labTimeoutMs);
afterAll(async () => {
  await lab.close();
  redis.disconnect();
  await server.stop();
  await folder.remove();
});

const withRedis = async (more: Readonly<Record<string, string>> = {}): Promise<Web2Run> =>
  await lab.web({ REDIS_HOST: server.address, REDIS_PORT: '6379', ...more });

describe('Redis beside Langfuse 2', () => {
  it('is left alone unless the cache of keys is switched on', async () => {
    const web = await withRedis();
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(200);
    expect(await redis.keys('*')).toEqual([]);
    await web.stop();
  });

  it('keeps keys for 120 s, and that there is none', async () => {
    const web = await withRedis({ LANGFUSE_CACHE_API_KEY_ENABLED: 'true' });
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(200);
    const [cached = ''] = await redis.keys('api-key:*');
    expect(JSON.parse((await redis.get(cached)) ?? '')).toMatchObject({
      publicKey: 'pk-lf-lab',
      projectId: 'lab-project',
      orgId: 'lab-org',
      plan: 'oss',
    });
    const seconds = await redis.ttl(cached);
    expect(seconds > 0 && seconds <= 120).toBe(true);
    const authorization = `Basic ${Buffer.from('pk-lf-no:sk-lf-no').toString('base64')}`;
    expect((await ask(`${web.url}/api/public/projects`, { headers: { authorization } }))[0]).toBe(401);
    expect(await redis.keys('api-key:*')).toHaveLength(2);
    await web.stop();
  });

  it('lets a key that SQL deleted work on as long as it is cached', async () => {
    const web = await withRedis({ LANGFUSE_CACHE_API_KEY_ENABLED: 'true' });
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(200);
    await lab.sql('DELETE FROM api_keys');
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(200);
    await redis.flushall();
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(401);
    await web.stop();
  });

  it('keeps the keys of a project that was deleted: their rows are gone when the cache is asked to forget them', async () => {
    await redis.flushall();
    const web = await withRedis({ LANGFUSE_CACHE_API_KEY_ENABLED: 'true' });
    const browser = openBrowser(web.url);
    await browser.signIn('admin@example.test', canary);
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(200);
    const deletion = { json: { projectId: 'lab-project' } };
    expect(await browser.post('/api/trpc/projects.delete', deletion)).toEqual({
      status: 200,
      body: { result: { data: { json: true } } },
    });
    expect(web.log.join('\n')).toContain('No valid keys to invalidate');
    expect(await ask(`${web.url}/api/public/projects`)).toEqual([200, { data: [] }]);
    await redis.flushall();
    expect((await ask(`${web.url}/api/public/projects`))[0]).toBe(401);
    await web.stop();
  });
});
