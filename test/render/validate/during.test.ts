import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { validateHtml } from '../../../src/render/validate/html.ts';
import { validateJunit } from '../../../src/render/validate/junit.ts';
import { validateMarkdown } from '../../../src/render/validate/markdown.ts';
import { validatePrometheus } from '../../../src/render/validate/prometheus.ts';
import { validateText } from '../../../src/render/validate/text.ts';
import type { ValidateReport } from '../../../src/validate/report.ts';
import { calm, reportOf, troubled } from './during.ts';

const style = { color: false, columns: 80, verbose: false, interactive: false };
const failed: Partial<ValidateReport> = {
  verdict: 'findings',
  firstFailure: { hop: 'http', detail: '2 of 20 were not accepted', cause: null, causeDetail: null },
};

describe('as text', () => {
  it('says that nothing was lost, and how long it took', () => {
    const text = validateText(reportOf(calm), style);
    expect(text).toMatch(
      /^ok {2}Langfuse 3\.199\.0 \(clickhouse\) lost none of 20 canaries while helm "x" ran/,
    );
    expect(text).toMatch(/^lost +0 /m);
    expect(text).toMatch(/^store +15 +1\.2 s +6\.1 s/m);
    expect(text).not.toMatch(/x lost|! not accepted/);
  });

  it('says what was lost and what was refused, and marks when', () => {
    const text = validateText(reportOf(troubled, failed), style);
    expect(text).toMatch(/^failed .* did not accept 2 of 20 canaries and lost 3 of the 18 that it accepted/);
    expect(text).toMatch(/^not accepted +2 \(9 requests refused, tried again as SDKs do\)/m);
    expect(text).toContain('x lost, ! not accepted');
    expect(text).toMatch(/^ +!x$/m);
    const [, ...below] = text.split('\n');
    expect(Math.max(...below.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('names the command as what failed when every canary arrived', () => {
    const command = { program: 'helm', exitCode: 3, ended: null, ms: 10 };
    const text = validateText(reportOf({ ...calm, command }, { verdict: 'findings' }), style);
    expect(text).toMatch(/^failed .* lost none of 20 canaries while helm ran, which failed/);
    expect(text).toContain('helm: exit 3 after 10 ms');
  });

  it('does not say lost where nothing could be asked', () => {
    const unknown = { ...calm, arrived: 0, unknown: 20, unknownReason: 'clickhouse refused' };
    const text = validateText(reportOf(unknown, { verdict: 'incomplete' }), style);
    expect(text).toMatch(/^not known +20: clickhouse refused/m);
  });
});

describe('as HTML', () => {
  const pages = [validateHtml(reportOf(troubled, failed)), validateHtml(reportOf(null))] as const;

  it.each(pages)('is one page that loads nothing', (page) => {
    expect(XMLValidator.validate(page.replace(/<!doctype html>/, '').replaceAll(/<meta [^>]*>/g, ''))).toBe(
      true,
    );
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import|https?:\/\//);
    expect(page).toContain(`default-src 'none'`);
    expect(page).toMatch(/prefers-color-scheme: dark/);
  });

  it('draws each measured stretch, breaks the line where there is none, and marks losses', () => {
    const [page] = pages;
    const arrival = /class="arrival" d="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(arrival.match(/[ML]/g)).toEqual(['M', 'L', 'L']);
    expect(page.match(/<circle class="lost"/g)).toHaveLength(1);
    expect(page.match(/<circle class="refused"/g)).toHaveLength(1);
    expect(page).toMatch(/<svg [^>]*role="img" aria-labelledby="chart-title chart-text"/);
  });

  it('keeps what servers said as text', () => {
    expect(pages[0]).toContain('&lt;b&gt;&quot;no&quot;&lt;/b&gt;');
    expect(pages[1]).toContain('a &amp; &lt;b&gt;');
  });
});

describe('for Prometheus', () => {
  /** Name, labels and value of each sample, as the exposition format has them. */
  const samples = (text: string): string[] =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it.each([reportOf(troubled, failed), reportOf(null)])('is in the exposition format', (report) => {
    const text = validatePrometheus(report);
    expect(text.endsWith('\n')).toBe(true);
    for (const sample of samples(text))
      expect(sample).toMatch(/^lfctl_validate_[a-z_]+(\{([a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? -?[\d.]+$/);
    for (const name of new Set(samples(text).map((line) => /^\w+/.exec(line)?.[0] ?? ''))) {
      const at = ['# HELP ', '# TYPE ', '\n'].map((before) => text.indexOf(`${before}${name}`));
      expect(at, name).toEqual(at.toSorted((a, b) => a - b));
      expect(text.split(`# TYPE ${name} gauge\n`), name).toHaveLength(2);
    }
  });

  it('has the counts, the times in seconds and the residue', () => {
    const text = validatePrometheus(reportOf(troubled, failed));
    for (const line of [
      'lfctl_validate_success 0',
      'lfctl_validate_during_canaries{state="lost"} 3',
      'lfctl_validate_during_canaries{state="not_accepted"} 2',
      'lfctl_validate_during_latency_seconds{hop="store",quantile="0.95"} 6.1',
      'lfctl_validate_during_longest_gap_seconds 2.4',
      String.raw`lfctl_validate_during_command_exit_code{program="helm \"x\""} 0`,
      'lfctl_validate_residue{store="clickhouse"} 2',
      'lfctl_validate_residue_unknown{store="objects"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });
});

describe('as JUnit and Markdown', () => {
  it('has a case for what was accepted, what arrived and the command', () => {
    const xml = validateJunit(reportOf(troubled, failed));
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('message="2 of 20 were not accepted"');
    expect(xml).toContain('message="3 of 18 are lost"');
    expect(xml).toMatch(/<testsuite name="during" tests="3" failures="2"/);
    const unknown = { ...calm, unknown: 4, unknownReason: 'refused', command: null };
    expect(validateJunit(reportOf(unknown))).toMatch(
      /<testsuite name="during" tests="2" failures="0" errors="1"/,
    );
  });

  it('has the counts as a table', () => {
    const text = validateMarkdown(reportOf(troubled, failed));
    expect(text).toContain('| lost | 3 (waited for 1 m 00 s after the last one) |');
    expect(text).toContain('| store | 15 | 1.2 s | 6.1 s | 6.2 s | 6.2 s |');
  });
});
