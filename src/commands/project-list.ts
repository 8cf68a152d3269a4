import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const projectListCommand = defineCommand({
  path: ['project', 'list'],
  summary: 'List projects with their traffic, keys and retention',
  when: 'To see which projects there are and which of them live: Langfuse has no view of a whole deployment.',
  examples: [
    { line: 'lfctl project list', text: 'all projects, by organisation' },
    { line: 'lfctl project list --org Example', text: 'those of one organisation, by its id or name' },
    { line: 'lfctl project list -o tsv | cut -f3', text: 'ids alone' },
  ],
  options: {
    org: { type: 'string', placeholder: 'ORG', summary: 'id or name of the organisation; all when absent' },
  },
  formats: ['tsv'],
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { listProjects, ofOrganization } = await import('../projects/list.ts');
      const { projectRows, projectsText } = await import('../render/projects/list.ts');
      const listing = await ofOrganization(tenancy, await listProjects(tenancy), context.options.org);
      const { projects, unknown, incomplete } = listing;
      return {
        kind: 'ProjectList',
        data: { projects, unknown },
        exit: incomplete ? 'incomplete' : 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => projectsText(listing, style),
        rows: () => projectRows(listing),
      };
    }),
});
