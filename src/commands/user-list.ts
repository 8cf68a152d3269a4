import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const userListCommand = defineCommand({
  path: ['user', 'list'],
  summary: 'List users with their roles, how they sign in, and when they were last seen',
  when: 'To see who has access to what, who cannot sign in and why, and who has not been there for long. Langfuse keeps no sign-ins: the last change of its audit log is what tells.',
  examples: [
    { line: 'lfctl user list', text: 'all users' },
    {
      line: 'lfctl user list --org "Provisioned Org" -o json',
      text: 'those of one organization, for scripts',
    },
  ],
  options: {
    org: {
      type: 'string',
      placeholder: 'ORG',
      summary: 'only members of this organization, by id or name',
    },
  },
  formats: ['tsv'],
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { usersPostgres } = await import('../users/postgres.ts');
      const { listUsers } = await import('../users/list.ts');
      const { webSettings } = await import('../users/web-settings.ts');
      const { organizationMeant } = await import('../users/organization.ts');
      const { userRows, usersText } = await import('../render/users/list.ts');
      const postgres = usersPostgres(tenancy);
      const { org } = context.options;
      const only = org === undefined ? null : await organizationMeant(postgres, org);
      const list = await listUsers(postgres, webSettings(tenancy));
      const users = list.users.filter(
        (user) => only === null || user.organizations.some(({ id }) => id === only.id),
      );
      return {
        kind: 'UserList',
        data: { ...list, users },
        exit: 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => usersText({ ...list, users }, style),
        rows: () => userRows({ ...list, users }),
      };
    }),
});
