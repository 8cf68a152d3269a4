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
      const { listAdmins } = await import('../users/admins.ts');
      const { webSettings } = await import('../users/web-settings.ts');
      const { adminRows, adminsText } = await import('../render/users/list.ts');
      const admins = await listAdmins(usersPostgres(tenancy), webSettings(tenancy));
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
