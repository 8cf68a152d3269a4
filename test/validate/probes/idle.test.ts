import { describe, expect, it } from 'vitest';
import type { IdleOutcome } from '../../../src/ports/idle.ts';
import { idleProbe, judgeIdle } from '../../../src/validate/probes/idle.ts';
import { contextOf, deployment, failure, here } from './_context.ts';

const open: IdleOutcome = { ended: null, afterMs: 70_000, promisedSeconds: 620, status: 200 };
const closed: IdleOutcome = { ended: 'closed', afterMs: 5003, promisedSeconds: 5, status: null };

describe('an idle connection', () => {
  it('that outlives the time is ok, and says what is known', () => {
    expect(judgeIdle(open, 60, '')).toEqual({
      status: 'ok',
      detail:
        'web: open after 70.0 s, and used again (200), its Keep-Alive header says 620 s; the load balancer keeps its own for 60 s',
    });
  });

  it('that web ends before fails, with who and when', () => {
    const found = judgeIdle(closed, null, '');
    expect(found.status).toBe('fail');
    expect(found.detail).toContain('closed by the other side after 5.0 s, its Keep-Alive header says 5 s');
  });

  it('that met its end when it was used again fails', () => {
    expect(judgeIdle({ ...open, ended: 'reset', status: null }, 60, '').status).toBe('fail');
  });

  it('by the public URL is told beside, and is no failure of web', async () => {
    const asked: string[] = [];
    const context = contextOf({
      wishes: { idleMs: 70_000 },
      run: { deployment: await deployment({ publicUrl: 'https://lf.example.com' }) },
      openers: {
        holdIdle: async (url, idleMs, access) => {
          asked.push(`${url} ${idleMs} ${access === here ? 'here' : 'inside'}`);
          return await Promise.resolve(access === here ? closed : open);
        },
      },
    });
    expect(await idleProbe.look(context)).toMatchObject({ status: 'ok', from: 'cluster' });
    expect(asked.toSorted()).toEqual([
      'http://langfuse.ns.svc.cluster.local:3000/api/public/health 70000 inside',
      'https://lf.example.com/api/public/health 70000 here',
    ]);
    expect((await idleProbe.look(context)).detail).toContain(
      '; by https://lf.example.com closed by the other side',
    );
  });

  it('is left out unless it is asked for, and not known where web does not answer', async () => {
    expect(await idleProbe.look(contextOf({}))).toMatchObject({ status: 'skipped' });
    const holdIdle = () => Promise.reject(failure('LANGFUSE_REFUSED'));
    const context = contextOf({ wishes: { idleMs: 1 }, openers: { holdIdle } });
    await expect(idleProbe.look(context)).rejects.toMatchObject({ code: 'LANGFUSE_REFUSED' });
    expect(idleProbe.limitMs?.(context.wishes)).toBeGreaterThan(10_000);
  });
});
