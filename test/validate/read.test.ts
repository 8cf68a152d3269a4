import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { HttpAnswer, LangfusePort } from '../../src/ports/langfuse.ts';
import { makeCanary } from '../../src/validate/canary.ts';
import type { Look } from '../../src/validate/hop.ts';
import { readHop } from '../../src/validate/hops/read.ts';
import { answer } from './_answer.ts';

const canary = makeCanary('project', 'json', new Date('2026-11-21T02:00:00Z'));
const era = { version: '3.199.0', generation: 3, mode: 'clickhouse' } as const;

/** What the hop says of an answer, or of none, this long after the canary was accepted. */
async function lookAt(reply: HttpAnswer | Error, sinceMs: number): Promise<Look> {
  const get = async (): Promise<HttpAnswer> => {
    if (reply instanceof Error) throw reply;
    return await Promise.resolve(reply);
  };
  const web: LangfusePort = {
    get,
    getWithKeys: get,
    send: get,
    sendWithKeys: get,
    close: () => undefined,
  };
  return await readHop(web, canary, era).look({ sinceMs, looks: new Map() });
}

const silent = new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });

describe('the read hop', () => {
  it.each<[string, HttpAnswer | Error, number, Look['state']]>([
    ['all of it', answer(200, { observations: [{}], scores: [{}] }), 0, 'seen'],
    ['a trace without its score', answer(200, { observations: [{}], scores: [] }), 0, 'waiting'],
    ['a body that is no JSON', answer(200, '<html>'), 0, 'waiting'],
    ['404', answer(404, 'Trace not found'), 50_000, 'waiting'],
    ['an endpoint that is gone', answer(404, 'not available in events_only mode'), 0, 'failed'],
    ['403', answer(403), 0, 'failed'],
    ['500 at first', answer(500), 9000, 'waiting'],
    ['500 at last', answer(500), 10_000, 'failed'],
    ['no answer at first', silent, 9000, 'waiting'],
    ['no answer at last', silent, 10_000, 'failed'],
  ])('%s', async (_, reply, sinceMs, state) => {
    expect((await lookAt(reply, sinceMs)).state).toBe(state);
  });

  it('does not take a broken way to web for web', async () => {
    const tunnel = new LfctlError('KUBE_FORBIDDEN', { message: 'may not forward ports' });
    await expect(lookAt(tunnel, 50_000)).rejects.toThrow('may not forward ports');
  });
});
