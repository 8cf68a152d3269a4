import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../src/deployment/redact.ts';
import type { HopReport, ProbeReport } from '../../src/validate/report.ts';
import { withoutSecrets } from '../../src/validate/outcome.ts';

describe('what a run saw', () => {
  it('shows no secret that a server or a job quotes', () => {
    const hop: HopReport = {
      hop: 'queue',
      status: 'fail',
      required: true,
      ms: 1,
      detail: 'job 7 has failed: http://default:hunter22@clickhouse:8123 refused sk-lf-right',
    };
    const probe: ProbeReport = {
      id: 'prompt',
      status: 'fail',
      detail: 'job 7 has failed: hunter22',
      from: 'cluster',
      ms: 1,
      decides: true,
    };
    const outcome = {
      hops: [hop],
      ways: [{ way: 'json' as const, traceId: 'a', hops: [hop] }],
      negative: [
        { case: 'wrong secret key', status: 'fail' as const, expected: '401', observed: '200 hunter22' },
      ],
      probes: [probe],
      projectId: null,
      era: null,
      version: null,
      startedMs: 0,
    };
    const text = JSON.stringify(withoutSecrets(outcome, makeRedactor(['sk-lf-right', 'hunter22'])));
    expect(text).not.toMatch(/hunter22|sk-lf-right/);
    expect(text.match(/job 7 has failed/g)).toHaveLength(3);
  });
});
