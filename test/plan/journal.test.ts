import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/plan/apply.ts';
import { clusterJournal, joined, mayKeep } from '../../src/plan/cluster-journal.ts';
import { fileJournal } from '../../src/plan/file-journal.ts';
import type { Journal } from '../../src/plan/journal.ts';
import { dropOld, newRunId, summarize } from '../../src/plan/journal.ts';
import { pickRun, unfinishedRun } from '../../src/plan/pick-run.ts';
import { memoryKube } from '../support/memory-kube.ts';
import { contextOf, failing, making, memoryJournal, planOf, world } from './world.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfctl-journal-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const kinds: readonly [string, () => Journal][] = [
  ['in files', () => fileJournal(join(folder, newRunId(new Date())))],
  ['in the cluster', () => clusterJournal(memoryKube(), 'langfuse', 'prod')],
];

describe.each(kinds)('a journal %s', (_kind, make) => {
  it('gives back what was written, run by run, oldest first', async () => {
    const journal = make();
    expect(await journal.runs()).toEqual([]);
    const plan = planOf([making(world(), 'a')]);
    await applyPlan(plan, contextOf(journal, { now: () => new Date('2026-11-21T10:00:01Z') }));
    await applyPlan(plan, contextOf(journal, { now: () => new Date('2026-11-21T10:00:00Z') }));
    const runs = await journal.runs();
    expect(runs.map(({ id }) => id.slice(0, 15))).toEqual(['20261121T100000', '20261121T100001']);
    expect(runs.map((run) => summarize(run))).toMatchObject([
      {
        state: 'done',
        subject: 'three things',
        steps: [{ id: 'make-a', state: 'done', record: { name: 'a' } }],
      },
      { state: 'done' },
    ]);
    await journal.drop(runs[0]?.id ?? '');
    expect(await journal.runs()).toHaveLength(1);
  });
});

describe('a journal in files', () => {
  it('is for its user alone, and lives with a line that a kill has cut', async () => {
    const place = join(folder, 'cut');
    const journal = fileJournal(place);
    await applyPlan(planOf([making(world(), 'a')]), contextOf(journal));
    const [file = ''] = await readdir(place);
    expect((await stat(join(place, file))).mode & 0o777).toBe(0o600);
    expect((await stat(place)).mode & 0o777).toBe(0o700);
    await appendFile(join(place, file), '{"event":"resu');
    const [run] = await journal.runs();
    expect(run?.entries.at(-1)?.event).toBe('end');
    await journal.append(run?.id ?? '', { event: 'resume', who: 'noah@ci', lfctl: '0.0.0', at: '' });
    expect((await journal.runs())[0]?.entries.at(-1)?.event).toBe('resume');
  });

  it('says which folder cannot be used', async () => {
    const file = join(folder, 'no-folder');
    await writeFile(file, '');
    await expect(
      fileJournal(file).append('x', { event: 'end', outcome: 'done', exit: 'ok', at: '' }),
    ).rejects.toMatchObject({ code: 'JOURNAL', message: expect.stringContaining(file) as string });
  });
});

describe('a journal in the cluster', () => {
  it('is kept in Secrets of its deployment', async () => {
    const kube = memoryKube();
    const journal = clusterJournal(kube, 'langfuse', 'prod');
    await applyPlan(planOf([making(world(), 'a')]), contextOf(journal));
    const [object] = kube.objects.values();
    expect(object).toMatchObject({
      kind: 'Secret',
      type: 'lfctl.dev/journal',
      metadata: { namespace: 'langfuse', labels: { 'lfctl.dev/deployment': 'prod' } },
    });
    expect(object?.metadata.name).toMatch(/^lfctl-journal-[a-z0-9-]+$/);
    expect(await clusterJournal(kube, 'langfuse', 'staging').runs()).toEqual([]);
  });

  it('is not used where a right lacks', async () => {
    const kube = memoryKube();
    expect(await mayKeep(kube, 'langfuse')).toBe(true);
    const can = async ({ verb }: { verb: string }): Promise<boolean> =>
      await Promise.resolve(verb !== 'create');
    expect(await mayKeep({ ...kube, can }, 'langfuse')).toBe(false);
  });

  it('goes on with a run of this machine where that began', async () => {
    const own = fileJournal(join(folder, 'joined'));
    const at = world();
    at.broken = (step) => {
      if (step === 'before b') throw failing();
    };
    const plan = planOf([making(at, 'a'), making(at, 'b')], { onFailure: 'stop' });
    await applyPlan(plan, contextOf(own));
    const kube = memoryKube();
    const both = joined(clusterJournal(kube, 'langfuse', 'prod'), own);
    const continues = unfinishedRun(await both.runs(), 'thing make', () => true);
    if (continues === null) throw new Error('it did not end');
    expect(continues).toMatchObject({
      state: 'partial',
      steps: [{ state: 'done' }, { state: 'failed', reason: 'no' }],
    });
    at.broken = () => undefined;
    await applyPlan(plan, contextOf(both, { continues }));
    expect(kube.objects.size).toBe(0);
    expect(unfinishedRun(await both.runs(), 'thing make', () => true)).toBeNull();
  });
});

describe('runs of long ago', () => {
  it('are forgotten when they came to an end, and none else', async () => {
    const journal = memoryJournal();
    const at = world();
    at.broken = (step) => {
      if (step === 'before half') throw failing();
    };
    const on = (day: string) => contextOf(journal, { now: () => new Date(`2026-${day}T10:00:00Z`) });
    await applyPlan(planOf([making(at, 'old')]), on('10-01'));
    await applyPlan(planOf([making(at, 'whole'), making(at, 'half')], { onFailure: 'stop' }), on('10-02'));
    await applyPlan(planOf([making(at, 'young')]), on('11-01'));
    await dropOld(journal, new Date('2026-11-21T10:00:00Z'));
    expect([...journal.lines.keys()].map((id) => id.slice(0, 8))).toEqual(['20261002', '20261101']);
  });

  it('stay where the journal cannot be read now', async () => {
    const journal = { ...memoryJournal(), runs: () => Promise.reject(failing()) };
    await expect(dropOld(journal, new Date())).resolves.toBeUndefined();
  });
});

describe('a run', () => {
  it('is found by the beginning of its id', async () => {
    const journal = fileJournal(join(folder, 'pick'));
    for (const second of ['2026-11-21T10:00:01Z', '2026-11-21T10:00:02Z'])
      await applyPlan(planOf([]), contextOf(journal, { now: () => new Date(second) }));
    const runs = await journal.runs();
    expect(pickRun(runs, '20261121T100002').startedAt).toBe('2026-11-21T10:00:02.000Z');
    expect(() => pickRun(runs, '2026')).toThrow("2 runs of the journal begin with '2026'");
    expect(() => pickRun(runs, 'x')).toThrow("no run of the journal begin with 'x'");
  });
});
