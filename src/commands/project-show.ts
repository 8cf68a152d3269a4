import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const projectShowCommand = defineCommand({
  path: ['project', 'show'],
  summary: 'Show one project: its keys, who has a role in it, its traffic',
  when: 'To look at one project before it is changed, or to find its id.',
  examples: [{ line: 'lfctl project show production', text: 'by its name' }],
  args: [{ name: 'project', summary: 'id or name of the project', required: true, variadic: false }],
  options: {},
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { showProject } = await import('../projects/show.ts');
      const { projectText } = await import('../render/projects/show.ts');
      const details = await showProject(tenancy, context.args[0] ?? '');
      const { incomplete, ...data } = details;
      return {
        kind: 'ProjectShow',
        data,
        exit: incomplete ? 'incomplete' : 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => projectText(details, style),
      };
    }),
});
