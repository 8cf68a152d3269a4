import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderDoctorJunit } from '../../../src/render/doctor/junit.ts';
import { renderDoctorMarkdown } from '../../../src/render/doctor/markdown.ts';
import { healthy, redisDown, warned } from './report.ts';

interface Suites {
  readonly testsuites: {
    readonly '@_tests': string;
    readonly '@_failures': string;
    readonly '@_errors': string;
    readonly testsuite: readonly { readonly '@_name': string; readonly '@_skipped': string }[];
  };
}

const parsed = (xml: string): Suites['testsuites'] => {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testsuite' });
  return (parser.parse(xml) as Suites).testsuites;
};

describe('the doctor’s report as JUnit', () => {
  it('is XML with a suite for each area and the counts of the verdict', () => {
    const suites = parsed(renderDoctorJunit(redisDown));
    expect(suites).toMatchObject({ '@_tests': '7', '@_failures': '2', '@_errors': '2' });
    expect(suites.testsuite.map((suite) => suite['@_name'])).toEqual([
      'config',
      'redis',
      'worker',
      'objects',
      'web',
    ]);
    expect(suites.testsuite[0]?.['@_skipped']).toBe('1');
  });

  it('has no failure where the exit code is 0', () => {
    for (const report of [healthy, warned])
      expect(parsed(renderDoctorJunit(report))).toMatchObject({ '@_failures': '0', '@_errors': '0' });
    expect(renderDoctorJunit(warned)).toContain('<system-out>warning: 5 s &lt; 600 s');
  });

  it('has the warning as a failure where --strict made it a finding', () => {
    expect(parsed(renderDoctorJunit({ ...warned, verdict: 'findings' }))).toMatchObject({
      '@_failures': '1',
    });
  });

  it('carries the proof, and names the cause of a consequence', () => {
    const xml = renderDoctorJunit(redisDown);
    expect(xml).toContain('get endpoints langfuse-redis');
    expect(xml).toContain('a consequence of redis/reachable');
    expect(xml).not.toContain('\u0007');
  });
});

describe('the doctor’s report as Markdown', () => {
  it('says the diagnosis first, commands in fences, the rest as a table', () => {
    const text = renderDoctorMarkdown(redisDown);
    expect(text).toMatch(
      /^## lfctl doctor: findings\n\n### Root cause: `redis\/reachable` \(critical, since/,
    );
    expect(text).toContain(
      '  ```sh\n  kubectl -n hyperplane-langfuse scale statefulset/langfuse-redis --replicas=1\n  ```',
    );
    expect(text).toContain('  ```yaml\n  env:\n    - name: KEEP_ALIVE_TIMEOUT');
    expect(text).toContain('| `redis/auth` | blocked | critical | by redis/reachable |');
    expect(text).not.toContain('\u001B');
  });

  it('cannot be broken by what a server says', () => {
    const [cause] = redisDown.causes;
    if (cause === undefined) throw new Error('no cause');
    const [evidence] = cause.evidence;
    if (evidence === undefined) throw new Error('no evidence');
    const nasty = { ...evidence, observed: 'a ``` b', again: 'echo "```"' };
    const text = renderDoctorMarkdown({
      ...redisDown,
      causes: [{ ...cause, detail: '<b>|*x*', evidence: [nasty] }],
    });
    expect(text).toContain('````sh\n  echo "```"\n  ````');
    expect(text).toContain('```` a ``` b ````');
    expect(text).toContain('\\<b\\>\\|\\*x\\*');
  });
});
