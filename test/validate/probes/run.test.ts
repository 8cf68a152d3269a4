import { describe, expect, it } from 'vitest';
import { probeIds } from '../../../src/validate/probes/ids.ts';
import { probes } from '../../../src/validate/probes/index.ts';
import { probeReport, withProbes } from '../../../src/validate/probes/judge.ts';
import type { Finding } from '../../../src/validate/probes/probe.ts';
import { noProbes, runProbes } from '../../../src/validate/probes/run.ts';
import { probeWishes, type ProbeFlags } from '../../../src/validate/probes/wishes.ts';
import type { WayReport } from '../../../src/validate/report.ts';
import { answer } from '../_answer.ts';
import { canary, contextOf, failure, here } from './_context.ts';

const finding = (status: Finding['status'], parts: Partial<Finding> = {}): Finding => ({
  status,
  detail: '',
  from: 'machine',
  ...parts,
});
const report = (given: Finding, asked: readonly string[] = []) => probeReport('media', given, 1, asked);

describe('the verdict', () => {
  it.each([
    ['a failure that users meet', finding('fail'), [], 'findings'],
    ['a failure of what nobody uses', finding('fail', { decides: false }), [], 'ok'],
    ['the same, required', finding('fail', { decides: false }), ['media'], 'findings'],
    ['what is not known', finding('unknown'), [], 'ok'],
    ['the same, required', finding('unknown'), ['media'], 'incomplete'],
    ['what was left out, required', finding('skipped'), ['media'], 'incomplete'],
    ['what is well', finding('ok'), ['media'], 'ok'],
  ])('with %s', (_, given, asked, verdict) => {
    expect(withProbes('ok', [report(given, asked)])).toBe(verdict);
  });

  it('of the canaries is kept', () => {
    expect(withProbes('findings', [report(finding('ok'))])).toBe('findings');
    expect(withProbes('incomplete', [report(finding('ok'))])).toBe('incomplete');
    expect(withProbes('incomplete', [report(finding('fail'))])).toBe('findings');
  });
});

const way = (status: 'ok' | 'fail'): WayReport => ({
  way: 'otlp-json',
  traceId: canary.traceId,
  hops: [{ hop: 'read', status, required: true, ms: 1 }],
});

describe('a run of probes', () => {
  const options = { openers: { dialer: () => Promise.resolve(here.dialer) } };

  it('has one report for each, in their order, and asks nothing that was left out', async () => {
    const { run, asked } = contextOf({ ...options, wishes: { skip: probeIds } });
    const found = await runProbes(run, [canary], Promise.resolve([way('ok')]), () => undefined);
    expect(found.map(({ id }) => id)).toEqual(probeIds);
    expect(probes.map(({ id }) => id)).toEqual(probeIds);
    expect(new Set(found.map(({ status, detail }) => `${status} ${detail}`))).toEqual(
      new Set(['skipped left out by --skip']),
    );
    expect(asked).toEqual([]);
  });

  it('knows nothing where a way breaks, and does not end the run for it', async () => {
    const reply = (): never => {
      throw failure('LANGFUSE_TIMEOUT', 'HTTP at h:1: no answer within 10 s');
    };
    const { run } = contextOf({ ...options, reply });
    const found = await runProbes(run, [canary], Promise.reject(new Error('lost')), () => undefined);
    expect(found.find(({ id }) => id === 'prompt')).toMatchObject({
      status: 'unknown',
      detail: 'no answer within 10 s',
      decides: false,
    });
  });

  it('waits for a canary that has come, and for none that is lost in part', async () => {
    const era = { version: '4.16.0', generation: 4, mode: 'events_only' } as const;
    const reply = () => answer(200, { data: [{ id: canary.scoreId }] });
    const score = async (status: 'ok' | 'fail', queue: 'ok' | 'fail' = 'ok') => {
      const { run } = contextOf({ ...options, reply, run: { era } });
      const lost = { hop: 'queue', status: queue, required: true, ms: 1 } as const;
      const one = way(status);
      const sending = Promise.resolve([{ ...one, hops: [lost, ...one.hops] }]);
      const found = await runProbes(run, [canary], sending, () => undefined);
      return found.find(({ id }) => id === 'score')?.status;
    };
    expect(await score('ok')).toBe('ok');
    expect(await score('fail')).toBe('skipped');
    expect(await score('ok', 'fail')).toBe('skipped');
  });

  it('without a Langfuse is unknown in whole', () => {
    expect(
      noProbes('no answer', ['media']).map(({ id, status, decides }) => [id, status, decides]),
    ).toContainEqual(['media', 'unknown', true]);
  });
});

describe('the flags', () => {
  const flags: ProbeFlags = {
    skip: [],
    require: [],
    idle: undefined,
    litellm: false,
    publicUrl: undefined,
    plain: true,
  };

  it('say which probes are wished for', () => {
    expect(probeWishes({ ...flags, idle: 70_000, publicUrl: 'https://lf.example.com' })).toEqual({
      skip: [],
      idleMs: 70_000,
      litellm: false,
      publicUrl: 'https://lf.example.com',
    });
  });

  it.each<[Partial<ProbeFlags>, string]>([
    [{ skip: ['media'], require: ['media'] }, 'media is both in --skip and in --require'],
    [{ publicUrl: 'lf.example.com' }, '--public-url is no http(s) URL'],
    [{ idle: 1, plain: false }, '--idle goes without --clean, --during and --for'],
    [{ litellm: true, plain: false }, '--litellm goes without'],
    [{ require: ['queue', 'media'], plain: false }, '--require media goes without'],
  ])('that contradict each other are refused: %j', (given, text) => {
    expect(() => probeWishes({ ...flags, ...given })).toThrow(text);
  });
});
