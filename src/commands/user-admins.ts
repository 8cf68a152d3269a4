import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const userAdminsCommand = defineCommand({
  path: ['user', 'admins'],
  summary: 'List who may administrate: instance admins, owners and admins of organizations',
  when: 'To review access. The admin flag of a user gives owner rights everywhere, and no page of Langfuse shows it.',
  examples: [{ line: 'lfctl user admins', text: 'the instance first, then each organization' }],
  options: {},
  formats: ['tsv'],
  exits: ['ok', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { usersPostgres } = await import('../users/postgres.ts');
      const { listUsers } = await import('../users/list.ts');
      const { adminsOf } = await import('../users/admins.ts');
      const { webSettings } = await import('../users/web-settings.ts');
      const { organizations } = await import('../users/organization.ts');
      const { adminRows, adminsText } = await import('../render/users/list.ts');
      const postgres = usersPostgres(tenancy);
      const { users, unknown } = await listUsers(postgres, webSettings(tenancy));
      const admins = adminsOf(users, await organizations(postgres), unknown);
      return {
        kind: 'UserAdmins',
        data: admins,
        exit: 'ok',
        deployment: envelopeOf(tenancy),
        text: (style) => adminsText(admins, style),
        rows: () => adminRows(admins),
      };
    }),
});
