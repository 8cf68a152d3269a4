import { defineCommand } from '../cli/command.ts';
import { projectOption, writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const userSetRoleCommand = defineCommand({
  path: ['user', 'set-role'],
  summary: 'Give a user a role in an organization, or in one project of it',
  when: 'To make somebody a member, change what a member may do, or get an organization an owner again. The last owner is kept.',
  examples: [
    { line: 'lfctl user set-role admin@example.test OWNER --org Example', text: 'in an organization' },
    { line: 'lfctl user set-role admin@example.test VIEWER -p Production', text: 'in one project alone' },
    { line: 'lfctl user set-role admin@example.test --org Example --undo', text: 'the role of before' },
  ],
  args: [
    { name: 'email', summary: 'e-mail of the user', required: true, variadic: false },
    {
      name: 'role',
      summary:
        'OWNER, ADMIN, MEMBER, VIEWER or NONE; NONE in a project: the role in the organization counts again',
      required: false,
      variadic: false,
    },
  ],
  options: {
    org: {
      type: 'string',
      placeholder: 'ORG',
      summary: 'organization, by id or name; not needed where there is only one',
    },
    project: projectOption,
    undo: { type: 'boolean', summary: 'the role of before the last change' },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planRoleUndo, planSetRole } = await import('../users/set-role.ts');
      const { args, options } = context;
      const [email = '', role] = args;
      const { org, project, unverifiedVersion, undo } = options;
      const wish = { email, role, org, project, unverifiedVersion };
      const planned = undo
        ? await planRoleUndo(tenancy, journal, wish)
        : await planSetRole(tenancy, journal, wish);
      return { ...planned, presenting: { resume: `lfctl user set-role ${email} ${role ?? ''}`.trim() } };
    }),
});
