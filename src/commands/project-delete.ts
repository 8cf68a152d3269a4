import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const projectDeleteCommand = defineCommand({
  path: ['project', 'delete'],
  summary: 'Delete a project with all that it has in every store',
  when: 'To remove a project so that nothing of it is left: rows, raw events, OTLP files, media, exports, jobs, cache entries. Langfuse itself leaves OTLP files and exports behind. It cannot be undone; a run that was interrupted goes on with the same line.',
  examples: [
    {
      line: 'lfctl project delete production --dry-run',
      text: 'what it has, the steps, and the token that confirms them',
    },
    {
      line: 'lfctl project delete production --confirm TOKEN',
      text: 'in scripts: exactly the plan of that token',
    },
  ],
  args: [{ name: 'project', summary: 'id or name of the project', required: true, variadic: false }],
  options: {
    leaveUnreachable: {
      type: 'boolean',
      summary: 'go on where a store is not configured here, and say what stays there',
    },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked', 'interrupted', 'terminated'],
  timeoutMs: null,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planDelete } = await import('../projects/delete/plan.ts');
      const { residueOf } = await import('../projects/delete/residue.ts');
      const [project = ''] = context.args;
      const { leaveUnreachable, unverifiedVersion } = context.options;
      const wish = { project, leaves: leaveUnreachable, unverifiedVersion };
      const planned = await planDelete(tenancy, journal, wish);
      return {
        ...planned,
        presenting: { more: residueOf, resume: `lfctl project delete ${project}` },
      };
    }),
});
