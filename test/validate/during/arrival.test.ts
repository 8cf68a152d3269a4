import { describe, expect, it } from 'vitest';
import type { ClickHousePort } from '../../../src/ports/clickhouse.ts';
import type { HttpAnswer, LangfusePort } from '../../../src/ports/langfuse.ts';
import { apiLooker, clickhouseLooker, lookersOf } from '../../../src/validate/during/arrival.ts';
import type { Era } from '../../../src/validate/session.ts';
import type { Stations } from '../../../src/validate/stations.ts';
import { answer } from '../_answer.ts';

const three: Era = { version: '3.199.0', generation: 3, mode: 'clickhouse' };
const four: Era = { version: '4.16.0', generation: 4, mode: 'events_only' };

function web(reply: (path: string) => HttpAnswer): LangfusePort & { readonly asked: string[] } {
  const asked: string[] = [];
  const get = (path: string): Promise<HttpAnswer> => {
    asked.push(path);
    return Promise.resolve(reply(path));
  };
  const unused = (): Promise<never> => Promise.reject(new TypeError('not used here'));
  return { asked, get, getWithKeys: get, send: unused, sendWithKeys: unused, close: () => undefined };
}

const page = (count: number, meta: object = {}): HttpAnswer =>
  answer(200, { data: Array.from({ length: count }, (_, index) => ({ id: `id-${index}` })), meta });

describe('reading many canaries back', () => {
  it('turns pages until one is not full', async () => {
    const langfuse = web((path) => page(path.endsWith('page=3') ? 5 : 20));
    const found = await apiLooker(langfuse, three).look('project', ['abc']);
    expect(found).toHaveLength(45);
    expect(langfuse.asked[0]).toBe('/api/public/observations?traceId=abc&limit=20&page=1');
    expect(langfuse.asked).toHaveLength(3);
  });

  it('follows the cursor of the endpoint that events_only has', async () => {
    const langfuse = web((path) => page(80, path.includes('cursor=') ? {} : { cursor: 'a+b=' }));
    expect(await apiLooker(langfuse, four).look('project', ['abc', 'def'])).toHaveLength(320);
    expect(langfuse.asked[1]).toBe(
      '/api/public/v2/observations?traceId=abc&fields=core&limit=80&cursor=a%2Bb%3D',
    );
  });

  it.each([
    ['an error', answer(500, 'oops'), /answers 500: oops/],
    ['a page of a proxy', answer(200, '<html>'), /answers 200: <html>/],
    ['half a page', { ...page(1), truncated: true }, /more than can be read/],
  ])('does not take %s for nothing', async (_, reply, message) => {
    await expect(
      apiLooker(
        web(() => reply),
        three,
      ).look('project', ['abc']),
    ).rejects.toThrow(message);
  });

  it.each([
    [three, /FROM observations\s/],
    [four, /SELECT span_id AS id.* FROM events_core\s/],
    [{ ...four, mode: 'legacy' }, /FROM observations\s/],
    [{ ...four, mode: 'dual' }, /FROM events_core\s/],
  ] satisfies [Era, RegExp][])('counts rows where %o keeps them', async (era, wanted) => {
    let asked = '';
    const clickhouse = {
      query: (sql: string) => {
        asked = sql.replaceAll(/\s+/g, ' ');
        return Promise.resolve([{ id: 'a', rows: '2' }]);
      },
    } as unknown as ClickHousePort;
    expect(await clickhouseLooker(clickhouse, era).look('project', ['abc'])).toEqual([{ id: 'a', rows: 2 }]);
    expect(asked).toMatch(wanted);
  });

  it('asks the store first, and the API where it is closed', () => {
    const closed = { state: 'unknown', detail: 'refused' } as const;
    const open = { state: 'open', port: {} } as const;
    const hops = (postgres: object, clickhouse: object, era: Era): string[] =>
      lookersOf(
        { postgres, clickhouse } as unknown as Stations,
        web(() => page(0)),
        era,
      ).map(({ hop }) => hop);
    const two: Era = { version: '2.95.12', generation: 2, mode: 'postgres' };
    expect(hops(closed, open, three)).toEqual(['store', 'read']);
    expect(hops(open, closed, three)).toEqual(['read']);
    expect(hops(open, closed, two)).toEqual(['store', 'read']);
    expect(hops(closed, closed, two)).toEqual(['read']);
  });
});
