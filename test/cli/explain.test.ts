import { describe, expect, it } from 'vitest';
import { explain, explainable } from '../../src/cli/explain.ts';
import { exitMeanings } from '../../src/errors/exit.ts';
import { fakeHost, fakeStream, run } from './host.ts';

describe('lfctl explain', () => {
  it('knows errors, checks, exits, faults and topics, each by one name', async () => {
    const all = await explainable();
    expect(new Set(all.map(({ type }) => type))).toEqual(
      new Set(['error', 'check', 'exit', 'fault', 'topic']),
    );
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, title, text } of all)
      expect(
        [title, text].every((words) => words.length > 3),
        id,
      ).toBe(true);
  });

  it('takes names in any case, and exit codes by number', async () => {
    expect(await explain('postgres_auth')).toMatchObject({ id: 'POSTGRES_AUTH', type: 'error' });
    expect(await explain('USAGE')).toMatchObject({ type: 'error' });
    expect(await explain('usage')).toMatchObject({ type: 'exit' });
    expect(await explain('143')).toMatchObject({ id: 'terminated', type: 'exit' });
    expect(await explain('Keep-Alive')).toMatchObject({ type: 'topic' });
  });

  it('says what a check would cause, and what would cause it', async () => {
    const check = await explain('redis/reachable');
    expect(check.facts).toContainEqual({ name: 'severity', value: 'critical' });
    expect(check.facts.find(({ name }) => name === 'would cause')?.value).toContain('worker/consuming');
    const caused = await explain('worker/consuming');
    expect(caused.facts.find(({ name }) => name === 'would be caused by')?.value).toContain(
      'redis/reachable',
    );
  });

  it('offers the nearest name, with exit 2', async () => {
    const { code, stderr } = await run('explain redis/reachabel');
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean redis/reachable');
    expect((await run('explain zzzzzzzz')).stderr).toContain('lfctl explain lists all names');
  });

  it('lists the names of a type and of an area', async () => {
    const checks = await run('explain checks -o tsv');
    const rows = checks.stdout.trim().split('\n');
    expect(rows.every((row) => row.split('\t')[1] === 'check')).toBe(true);
    expect(rows.some((row) => row.startsWith('redis/reachable'))).toBe(true);
    const redis = (await run('explain redis -o tsv')).stdout.trim().split('\n');
    expect(redis.every((row) => row.startsWith('redis/'))).toBe(true);
    expect((await run('explain checks -o json')).stdout).toContain('"ExplainList"');
  });

  it('has all exit codes in its topic, without the marks of the generator', async () => {
    const { stdout } = await run('explain exit-codes');
    for (const meaning of Object.values(exitMeanings)) expect(stdout).toContain(meaning);
    expect(stdout).not.toContain('<!--');
  });

  it('fits in 40 columns', async () => {
    const stdout = fakeStream({ isTTY: true, columns: 40 });
    const { stdout: text } = await run('explain redis/reachable --no-color', fakeHost({ stdout }));
    for (const line of text.split('\n').filter((one) => !one.includes('lfctl doctor')))
      expect(line.length, line).toBeLessThanOrEqual(40);
  });
});
