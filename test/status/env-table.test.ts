import { describe, expect, it } from 'vitest';
import { envRows, envText } from '../../src/render/env.ts';
import { widthOf } from '../../src/render/table.ts';

const style = (columns: number) => ({ color: false, columns, verbose: false, interactive: false });

describe('the table of variables', () => {
  const row = {
    name: 'SALT',
    component: 'web',
    workload: 'deployment/langfuse',
    source: 'secret/langfuse-env key SALT',
    read: true,
    fingerprint: 'f00dfeed',
    value: null,
    differs: false,
  } as const;
  const report = {
    version: '3.199.0',
    generation: 3,
    mode: 'clickhouse',
    storage: 'traces in ClickHouse',
    judgedAs: null,
    variables: [
      row,
      {
        ...row,
        name: 'LANGFUSE_S3_ENDPOINT',
        read: false,
        use: ['LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT'],
        value: 'http://minio:9000',
        differs: true,
      },
      { ...row, name: 'EMPTY', fingerprint: null, read: 'unknown', differs: null, source: 'literal' },
      { ...row, component: 'worker', workload: 'deployment/langfuse-worker', value: 'line\nbreak' },
    ],
    unreadable: ['secret/x of lf: forbidden'],
  } as const;

  it.each([80, 40])('fits in %i columns', (columns) => {
    const text = envText(report, style(columns));
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const part of [
      'web deployment/langfuse',
      'worker deployment/langfuse-worker',
      '#f00dfeed',
      '(empty)',
      'not readable: secret/x of lf: forbidden',
      'Langfuse 3.199.0 (clickhouse): traces in ClickHouse',
    ])
      expect(flat).toContain(part);
  });

  it('marks what differs, what nothing reads, and what to use', () => {
    const text = envText(report, style(200));
    expect(text).toMatch(
      /LANGFUSE_S3_ENDPOINT +http:\/\/minio:9000 \(differs\) +no: LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT/,
    );
    expect(text).toMatch(/EMPTY +\(empty\) +\?/);
  });

  it('says that a version is later than the known ones, and why a name is not read', () => {
    const text = envText(
      {
        ...report,
        version: '4.99.0',
        judgedAs: '4.16.0',
        variables: [{ ...row, read: false, why: 'read from 5.0.0 on' }],
      },
      style(200),
    );
    expect(text).toContain('later than 4.16.0, the newest that lfctl knows: judged as 4.16.0\n');
    expect(text).toContain('no: read from 5.0.0 on');
  });

  it('has rows for scripts and words for nothing', () => {
    expect(envRows(report)[0]).toEqual([
      'SALT',
      'web',
      'f00dfeed',
      'true',
      'secret/langfuse-env key SALT',
      '',
    ]);
    expect(envRows(report)[1]?.at(-1)).toBe('LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT');
    expect(envText({ ...report, variables: [], unreadable: [] }, style(80))).toContain(
      'no variable to show\n',
    );
  });
});
