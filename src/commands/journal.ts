import { defineCommand } from '../cli/command.ts';
import { envelopeOf, placeOf, reading } from '../cli/writing.ts';

export const journalCommand = defineCommand({
  path: ['journal'],
  summary: 'Show what lfctl changed here, step by step',
  when: 'After a change that stopped half-way, and to see who changed what and when. A run that was killed is shown as open, with the line that goes on with it.',
  examples: [{ line: 'lfctl journal', text: 'all runs of the last 30 days, newest first' }],
  options: {},
  exits: ['ok', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { journal } = await placeOf(tenancy, context.services);
      const { summarize } = await import('../plan/journal.ts');
      const { shownRun } = await import('../plan/shown.ts');
      const { journalRows, journalText } = await import('../render/plan/journal.ts');
      const runs = (await journal.runs())
        .map(summarize)
        .filter((run) => run !== null)
        .toReversed();
      return {
        kind: 'JournalList',
        data: { place: journal.place, runs: runs.map(shownRun) },
        exit: 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => journalText(journal.place, runs, style),
        rows: () => journalRows(runs),
      };
    }),
});
