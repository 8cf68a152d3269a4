import { defineCommand } from '../cli/command.ts';
import { envelopeOf, placeOf, reading } from '../cli/writing.ts';

export const journalShowCommand = defineCommand({
  path: ['journal', 'show'],
  summary: 'Show the steps of one run',
  when: 'To see how far a run came, and what its steps left.',
  examples: [{ line: 'lfctl journal show 20261121T1011', text: 'the run whose id begins so' }],
  args: [{ name: 'run', summary: 'id of the run, or its beginning', required: true, variadic: false }],
  options: {},
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { journal } = await placeOf(tenancy, context.services);
      const { pickRun } = await import('../plan/pick-run.ts');
      const { journalRunText } = await import('../render/plan/journal.ts');
      const { shownRun } = await import('../plan/shown.ts');
      const run = shownRun(pickRun(await journal.runs(), context.args[0] ?? ''));
      return {
        kind: 'JournalRun',
        data: run,
        exit: 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => journalRunText(run, style),
      };
    }),
});
