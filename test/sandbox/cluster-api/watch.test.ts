import { describe, expect, it } from 'vitest';
import type { TestApi } from './harness.ts';
import { configMaps, startTestApi, tokens } from './harness.ts';

interface WatchLine {
  readonly type: string;
  readonly object: {
    readonly metadata?: { readonly name?: string };
    readonly code?: number;
    readonly message?: string;
  };
}

/** Reads a watch until it ends or `enough` lines came. */
async function watched({ api }: TestApi, query: string, enough = Infinity): Promise<WatchLine[]> {
  const gone = new AbortController();
  const answer = await fetch(`${api.url}/api/v1/namespaces/lf/configmaps?watch=true&${query}`, {
    headers: { authorization: `Bearer ${tokens.admin}` },
    signal: gone.signal,
  });
  expect(answer.status).toBe(200);
  const lines: WatchLine[] = [];
  let rest = '';
  for await (const chunk of answer.body ?? []) {
    const parts = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as WatchLine));
    if (lines.length >= enough) break;
  }
  gone.abort();
  return lines;
}

const shown = (lines: readonly WatchLine[]): string[] =>
  lines.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.code ?? ''}`);
const map = (name: string, labels: Record<string, string> = {}, data: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'lf', labels },
  data,
});

describe('watch', () => {
  it('begins with what is there, and ends after its time', async () => {
    const test = await startTestApi();
    test.store.create(configMaps, map('a'));
    expect(shown(await watched(test, 'timeoutSeconds=1&allowWatchBookmarks=true'))).toEqual([
      'ADDED a',
      'BOOKMARK ',
    ]);
  });

  it('goes on from a version and shows what comes', async () => {
    const test = await startTestApi();
    const { metadata } = test.store.create(configMaps, map('a'));
    test.store.create(configMaps, map('b'));
    const reading = watched(test, `resourceVersion=${metadata.resourceVersion ?? ''}`, 3);
    test.store.update(configMaps, map('a', {}, { k: '1' }));
    test.store.remove(configMaps, 'lf', 'b');
    expect(shown(await reading)).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  it('shows an object that stops matching as deleted, and one that begins to as added', async () => {
    const test = await startTestApi();
    const { metadata } = test.store.create(configMaps, map('a', { tier: 'web' }));
    const since = `resourceVersion=${metadata.resourceVersion ?? ''}`;
    const reading = watched(test, `${since}&labelSelector=tier%3Dweb`, 2);
    test.store.update(configMaps, map('a', { tier: 'worker' }));
    test.store.update(configMaps, map('a', { tier: 'web' }));
    expect(shown(await reading)).toEqual(['DELETED a', 'ADDED a']);
  });

  it('sends 410 for a version that is no longer known', async () => {
    const test = await startTestApi();
    for (let index = 0; index < 1100; index += 1) {
      const body = map('a', {}, { k: String(index) });
      if (index === 0) test.store.create(configMaps, body);
      else test.store.update(configMaps, body);
    }
    const [line, ...more] = await watched(test, 'resourceVersion=1');
    expect(more).toEqual([]);
    expect(line).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(line?.object.message).toBe(`too old resource version: 1 (${test.store.resourceVersion()})`);
  });

  it('survives clients that go away in the middle', async () => {
    const test = await startTestApi();
    test.store.create(configMaps, map('a'));
    await Promise.all(Array.from({ length: 20 }, () => watched(test, '', 1)));
    for (let index = 0; index < 50; index += 1)
      test.store.update(configMaps, map('a', {}, { k: String(index) }));
    expect((await test.ask('GET', '/api/v1/namespaces/lf/configmaps/a')).json['data']).toEqual({ k: '49' });
  });

  it('marks the end of the list that a watch begins with, when asked to', async () => {
    const test = await startTestApi();
    test.store.create(configMaps, map('a'));
    const path = '/api/v1/namespaces/lf/configmaps?watch=true&sendInitialEvents=true';
    expect((await test.ask('GET', path)).code).toBe(422);
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const [added, mark] = await watched(test, query, 2);
    expect(added).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    expect(mark).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  it('sends rows when columns are asked for', async () => {
    const { ask, store } = await startTestApi();
    store.create(configMaps, map('a', {}, { k: '1' }));
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { text } = await ask('GET', '/api/v1/namespaces/lf/configmaps?watch=1&timeoutSeconds=1', {
      headers,
    });
    expect(JSON.parse(text)).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ cells: ['a', 1, '0s'] }] },
    });
  });
});
