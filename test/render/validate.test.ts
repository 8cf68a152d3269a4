import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { validateJunit } from '../../src/render/validate/junit.ts';
import { validateMarkdown } from '../../src/render/validate/markdown.ts';
import { validatePrometheus } from '../../src/render/validate/prometheus.ts';
import { cleanedText, validateText } from '../../src/render/validate/text.ts';
import type { HopReport, ProbeReport, ValidateReport } from '../../src/validate/report.ts';

const hop = (name: HopReport['hop'], parts: Partial<HopReport> = {}): HopReport => ({
  hop: name,
  status: 'ok',
  required: true,
  ms: 120,
  detail: `${name} is there`,
  ...parts,
});

const arrived = [hop('http'), hop('object'), hop('queue'), hop('store'), hop('read', { ms: 6800 })];

const report = (parts: Partial<ValidateReport> = {}): ValidateReport => ({
  verdict: 'ok',
  langfuse: { version: '3.199.0', mode: 'clickhouse' },
  projectId: 'project',
  hops: arrived,
  ways: [{ way: 'json', traceId: '6c6663746b00fb20dca598ff6bc0e54e', hops: arrived }],
  firstFailure: null,
  during: null,
  negative: [{ case: 'wrong secret key', status: 'ok', expected: '401', observed: '401' }],
  probes: [],
  residue: { total: 0, byStore: { queue: 0, clickhouse: 0 }, unknown: {}, ms: 300 },
  notes: [],
  ms: 7200,
  ...parts,
});

const lost = report({
  verdict: 'findings',
  ways: [
    {
      way: 'json',
      traceId: '6c6663746b00fb20dca598ff6bc0e54e',
      hops: [
        hop('http'),
        hop('object', { status: 'skipped', required: false, detail: 'not configured' }),
        hop('queue', { status: 'fail', detail: 'job 7 of <ingestion-queue> is waiting | "late"' }),
        hop('store', { status: 'unknown', detail: 'refused' }),
        hop('read', { status: 'fail' }),
      ],
    },
  ],
  firstFailure: {
    hop: 'queue',
    detail: 'job 7 of <ingestion-queue> is waiting | "late"',
    cause: 'worker/running',
    causeDetail: 'the worker is scaled to zero',
  },
  negative: [{ case: 'keys swapped', status: 'fail', expected: '401', observed: '200' }],
  residue: { total: 1, byStore: { queue: 1, clickhouse: 0 }, unknown: { objects: 'forbidden' }, ms: 300 },
  notes: ['around midnight'],
});

const plain = { color: false, columns: 80, verbose: false, interactive: false };

describe('the text of validate', () => {
  it('says that traces arrive, and that nothing is left', () => {
    const text = validateText(report(), plain);
    expect(text).toMatch(
      /^ok {2}Langfuse 3\.199\.0 \(clickhouse\) takes, keeps and gives back traces \(7\.2 s\)/,
    );
    expect(text).toContain('0 left in queue, clickhouse');
    expect(text).not.toContain('\u001B[');
  });

  it('names the hop, the cause, what was let through, and what is left or not known', () => {
    const text = validateText(lost, plain);
    expect(text).toMatch(/^failed {2}Langfuse 3\.199\.0 \(clickhouse\): the canary is lost at queue/);
    for (const part of [
      'cause   worker/running: the worker is scaled to zero',
      'keys swapped',
      'around midnight',
      '1 left in queue',
      'not known what is left in objects: forbidden',
      'lfctl validate --clean',
    ])
      expect(text).toContain(part);
  });
});

describe('JUnit of validate', () => {
  it('has a case for each hop of each way and for each request that must be refused', () => {
    const junit = validateJunit(lost);
    expect(XMLValidator.validate(junit)).toBe(true);
    expect(junit).toContain('name="lfctl validate" tests="6" failures="3" errors="1" skipped="1"');
    expect(junit).toContain('job 7 of &lt;ingestion-queue&gt;');
    expect(validateJunit(report())).toContain('tests="6" failures="0" errors="0" skipped="0"');
  });

  it('has the hops alone where nothing could be sent', () => {
    const junit = validateJunit(report({ ways: [], negative: [], hops: [hop('http', { status: 'fail' })] }));
    expect(junit).toContain('tests="1" failures="1"');
  });
});

const probe = (parts: Partial<ProbeReport>): ProbeReport => ({
  id: 'public-url',
  status: 'ok',
  detail: 'Langfuse 3.199.0, and the canary is read there',
  from: 'machine',
  ms: 40,
  decides: false,
  ...parts,
});

describe('probes of validate', () => {
  const probes = [
    probe({}),
    probe({ id: 'certificate', status: 'fail', detail: 'ended on <2026-01-01>', decides: true }),
    probe({ id: 'media', status: 'fail', detail: 'only the cluster resolves it', from: 'cluster' }),
    probe({ id: 'export', status: 'skipped', detail: 'not enabled', from: null }),
    probe({ id: 'idle', status: 'skipped', detail: 'left out by --skip', from: null, decides: true }),
  ];
  const seen = report({ verdict: 'findings', probes });

  it('name in text what fails for users, whose view it is, and what was left out', () => {
    const text = validateText(seen, { ...plain, columns: 120 });
    expect(text).toMatch(/^failed {2}.*users meet a failure: certificate/);
    expect(text).toMatch(/public-url +ok +this machine/);
    expect(text).toMatch(/media +failed \(not counted\) +the cluster/);
    expect(text).toMatch(/not looked at: export \(--verbose says why\)/);
    expect(validateText(seen, { ...plain, columns: 120, verbose: true })).toMatch(
      /export +skipped +not enabled/,
    );
  });

  it('fail in JUnit only where they decide', () => {
    const junit = validateJunit(seen);
    expect(XMLValidator.validate(junit)).toBe(true);
    expect(junit).toContain('<testsuite name="probes" tests="5" failures="1" errors="1" skipped="2">');
    expect(junit).toContain('ended on &lt;2026-01-01&gt;');
  });

  it('say in metrics whether they decide', () => {
    expect(validatePrometheus(seen)).toContain(
      'lfctl_validate_probe_status{probe="media",status="fail",decides="false"} 1',
    );
  });

  it('are a table in Markdown', () => {
    const markdown = validateMarkdown(seen);
    expect(markdown).toContain('| probe | state | seen from | detail |');
    expect(markdown).toContain('| media | fail (not counted) | cluster | only the cluster resolves it |');
  });
});

describe('Markdown of validate', () => {
  it('has verdict, cause and a row for each hop, whose text cannot break the table', () => {
    const markdown = validateMarkdown(lost);
    expect(markdown).toMatch(/^## lfctl validate: findings \(Langfuse 3\.199\.0/);
    expect(markdown).toContain('lost at **queue**');
    expect(markdown).toContain('`worker/running`');
    const rows = markdown.split('\n').filter((line) => line.startsWith('| json'));
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(7);
    expect(markdown).toContain('1 left after cleaning up');
  });
});

describe('what --clean says', () => {
  it('names what it has left alone, and what it does not know', () => {
    const residue = { total: 0, byStore: { clickhouse: 0 }, unknown: {}, ms: 20 };
    expect(cleanedText({ found: 2, underWay: 0, residue })).toMatch(
      /^found 2 canaries\nremoved .* 0 left in clickhouse/,
    );
    const unsure = { ...residue, unknown: { 'other runs': '1 canaries are younger than 12 minutes' } };
    expect(cleanedText({ found: 4, underWay: 3, residue: unsure })).toMatch(
      /^found 4 canaries, 3 of runs under way left alone\nnot known what is left in other runs: 1 canaries/,
    );
  });
});
