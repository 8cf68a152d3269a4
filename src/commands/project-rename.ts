import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const projectRenameCommand = defineCommand({
  path: ['project', 'rename'],
  summary: 'Give a project another name',
  when: 'To mend a name. Keys, traces and links go by the id, which stays.',
  examples: [{ line: 'lfctl project rename production prod --dry-run', text: 'what would be changed' }],
  args: [
    { name: 'project', summary: 'id or name of the project', required: true, variadic: false },
    { name: 'name', summary: 'its new name', required: true, variadic: false },
  ],
  options: writerOptions,
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy) => {
      const { planRename } = await import('../projects/rename.ts');
      const [project = '', name = ''] = context.args;
      const { unverifiedVersion } = context.options;
      const planned = await planRename(tenancy, { project, name, unverifiedVersion });
      return { ...planned, presenting: { resume: `lfctl project rename ${project} ${name}` } };
    }),
});
