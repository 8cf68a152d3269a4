/** Refused events, and links that lead into the cluster: what counts, and what is not known. */
import { describe, expect, it } from 'vitest';
import type { Placement } from '../../src/deployment/model.ts';
import { isClusterName, reachOf } from '../../src/deployment/targets/reach.ts';
import { classifyLog } from '../../src/doctor/classify-log.ts';
import { logLine, pod, set } from './failing/change.ts';
import type { FactsDraft } from './facts.ts';
import { outcomesOf, withUnknown } from './facts.ts';
import { ago, judgeOn } from './judge.ts';

const refusal =
  '2026-11-20T19:07:22.130Z warn \tRejected 2 event(s) from the legacy /api/public/ingestion endpoint for project lab-project because this Langfuse v4 deployment runs in events_only mode.';

/** Web and LiteLLM started so long ago, and web says a second ago that it refused. */
function refusing(startedMs: number): (facts: FactsDraft) => void {
  return (facts) => {
    for (const part of ['web', 'litellm']) pod(facts, part).startedAt = ago(startedMs);
    logLine(facts, 'web', 'ingestion-refused', refusal);
  };
}

describe('refused events', () => {
  const judged = (change?: (facts: FactsDraft) => void): string =>
    judgeOn('4.16.0', 'ingestion/refused', outcomesOf('4.16.0', change)).status;

  it('are told by the warning of web, with the project', () => {
    expect(classifyLog(refusal, (line) => line)).toMatchObject([
      { pattern: 'ingestion-refused', subject: 'lab-project' },
    ]);
  });

  it('count while web and LiteLLM are those that refused and were refused', () => {
    expect(judged(refusing(60_000))).toBe('fail');
    expect(judged(refusing(500))).toBe('ok');
  });

  it('are not known without the log, or where it holds no warnings', () => {
    expect(judged((facts) => (facts['kube/logs'] = []))).toBe('unknown');
    expect(
      judged((facts) => {
        for (const log of facts['kube/logs']) if (log.part === 'web') log.unreadable = 'forbidden';
      }),
    ).toBe('unknown');
    expect(judged((facts) => set(facts, 'web', 'LANGFUSE_LOG_LEVEL', 'error'))).toBe('unknown');
  });
});

describe('where a link leads', () => {
  it.each([
    ['minio', true],
    ['minio.storage.svc', true],
    ['minio.storage.svc.cluster.local', true],
    ['127.0.0.1', true],
    ['media.example.com', false],
    ['203.0.113.7', false],
  ])('%s is a name of the cluster: %s', (host, inside) => {
    expect(isClusterName(host)).toBe(inside);
  });

  it('is not known where the Service could not be looked up', () => {
    const hidden: Placement = { kind: 'unknown', why: 'forbidden: get services in storage' };
    expect(reachOf('minio.storage', hidden)).toBe('unknown');
    expect(reachOf('minio.storage', { kind: 'service', namespace: 'storage', service: 'minio' })).toBe(
      'inside',
    );
    expect(reachOf(null, { kind: 'external' })).toBe('outside');
  });
});

describe('links to media', () => {
  const judged = (change?: (facts: FactsDraft) => void) =>
    judgeOn('3.199.0', 'objects/media-endpoint', outcomesOf('3.199.0', change));

  it('are well at a public host', () => {
    const verdict = judged(({ 'deployment/discovery': { stores }, 'postgres/media': use }) => {
      Object.assign(stores.mediaBucket ?? {}, { host: 'media.example.com', placement: { kind: 'external' } });
      use.registered = 5;
    });
    expect(verdict).toEqual({ status: 'ok', detail: 'media.example.com' });
  });

  it("are not known to be in nobody's way without Postgres", () => {
    const outcomes = withUnknown(outcomesOf('3.199.0'), ['postgres/media']);
    expect(judgeOn('3.199.0', 'objects/media-endpoint', outcomes)).toMatchObject({
      status: 'unknown',
      blockers: ['postgres/reachable', 'postgres/auth'],
    });
  });
});

describe('links to exports', () => {
  const judged = (change: (facts: FactsDraft) => void) =>
    judgeOn('4.16.0', 'objects/export-endpoint', outcomesOf('4.16.0', change));
  const exporting = (facts: FactsDraft): void => {
    const { stores } = facts['deployment/discovery'];
    stores.exportBucket = stores.mediaBucket;
    facts['postgres/exports'].made = 2;
  };

  it('are well with an external endpoint, as the worker reads it', () => {
    const verdict = judged((facts) => {
      exporting(facts);
      set(facts, 'worker', 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT', 'https://files.example.com');
    });
    expect(verdict).toEqual({ status: 'ok', detail: 'files.example.com' });
  });

  it('are not mended by a variable that web alone has', () => {
    const verdict = judged((facts) => {
      exporting(facts);
      set(facts, 'web', 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT', 'https://files.example.com');
    });
    expect(verdict.status).toBe('fail');
  });
});
