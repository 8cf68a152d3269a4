import { describe, expect, it } from 'vitest';
import { promptProbe } from '../../../src/validate/probes/prompt.ts';
import { scoreProbe } from '../../../src/validate/probes/score.ts';
import { answer } from '../_answer.ts';
import { canary, contextOf } from './_context.ts';

const missing = { message: "Prompt not found: 'x' with label 'production'", error: 'LangfuseNotFoundError' };

describe('a prompt', () => {
  it.each([
    ['that is not there has the API’s own 404', answer(404, missing), 'ok'],
    ['that is there after all', answer(200, { name: 'x' }), 'ok'],
    ['by a path that something else answers', answer(404, '<html>not found</html>'), 'fail'],
    ['that the server fails to look up', answer(500, { message: 'Internal Server Error' }), 'fail'],
  ])('%s', async (_, given, status) => {
    const context = contextOf({ reply: () => given });
    expect(await promptProbe.look(context)).toMatchObject({ status, from: 'cluster' });
    expect(context.asked).toMatchObject([{ method: 'GET', keys: true }]);
  });
});

const eventsOnly = { version: '4.16.0', generation: 4, mode: 'events_only' } as const;

describe('the score', () => {
  it('comes with the trace where traces are read', async () => {
    expect(await scoreProbe.look(contextOf({}))).toMatchObject({ status: 'ok' });
  });

  it('is read by itself on 4, and waited for', async () => {
    let looks = 0;
    const reply = () => answer(200, { data: (looks += 1) < 4 ? [] : [{ id: canary.scoreId }] });
    expect(await scoreProbe.look(contextOf({ reply, run: { era: eventsOnly } }))).toMatchObject({
      status: 'ok',
    });
    expect(looks).toBe(4);
  });

  it.each([
    ['that does not come', answer(200, { data: [] }), 'does not have it'],
    ['that the server cannot read', answer(503, { message: 'down' }), 'does not have it (503)'],
    ['that is refused', answer(403, { message: 'no' }), 'answers 403'],
  ])('%s fails', async (_, given, text) => {
    const found = await scoreProbe.look(contextOf({ reply: () => given, run: { era: eventsOnly } }));
    expect(found.status).toBe('fail');
    expect(found.detail).toContain(text);
  });

  it('of canaries that are lost is not looked for', async () => {
    expect(await scoreProbe.look(contextOf({ arrived: null }))).toMatchObject({ status: 'skipped' });
  });
});
