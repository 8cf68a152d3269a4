import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const orgListCommand = defineCommand({
  path: ['org', 'list'],
  summary: 'List organisations',
  when: 'To see the organisations of a deployment with their ids: projects, users and keys belong to one each.',
  examples: [
    { line: 'lfctl org list', text: 'names, ids, and how many projects and members each has' },
    { line: 'lfctl org list -o json', text: 'the same for scripts' },
  ],
  options: {},
  formats: ['tsv'],
  exits: ['ok', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { need } = await import('../tenancy/access.ts');
      const { readOrganizations } = await import('../tenancy/organizations.ts');
      const { organizationRows, organizationsText } = await import('../render/projects/list.ts');
      const organizations = await readOrganizations(need(tenancy.postgres, 'organisations are in Postgres'));
      return {
        kind: 'OrgList',
        data: { organizations },
        exit: 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => organizationsText(organizations, style),
        rows: () => organizationRows(organizations),
      };
    }),
});
