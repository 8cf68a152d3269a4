import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const projectCreateCommand = defineCommand({
  path: ['project', 'create'],
  summary: 'Make a project in an organisation',
  when: 'For a project without a click: through the public API where a key of the organisation and a licence allow, else as a row that is just like the one that Langfuse would write.',
  examples: [
    { line: 'lfctl project create checkout', text: 'in the only organisation' },
    {
      line: 'lfctl project create checkout --org Example --dry-run',
      text: 'what would be made, and by which way',
    },
  ],
  args: [{ name: 'name', summary: 'name of the new project', required: true, variadic: false }],
  options: {
    org: {
      type: 'string',
      placeholder: 'ORG',
      summary: 'id or name of the organisation; the only one when absent',
    },
    retention: {
      type: 'integer',
      placeholder: 'DAYS',
      minimum: 0,
      summary: 'days that traces are kept, 0 for ever; needs an Enterprise licence',
    },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planCreate } = await import('../projects/plan-create.ts');
      const { projectIdOf } = await import('../projects/create.ts');
      const [name = ''] = context.args;
      const { org, retention, unverifiedVersion } = context.options;
      const wish = { name, organization: org, retentionDays: retention, unverifiedVersion };
      const planned = await planCreate(tenancy, journal, wish);
      const madeIn = (records: ReadonlyMap<string, unknown>): string | null =>
        [...records.values()].map(projectIdOf).find((id) => id !== null) ?? null;
      return {
        ...planned,
        presenting: {
          more: ({ records }) => ({ project: { id: madeIn(records), name } }),
          text: ({ records }) => (madeIn(records) === null ? '' : `id: ${madeIn(records) ?? ''}\n`),
          resume: `lfctl project create ${name}`,
        },
      };
    }),
});
