import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const userCreateCommand = defineCommand({
  path: ['user', 'create'],
  summary: 'Make a user, with a password and a role in an organization',
  when: 'When sign-up is turned off, or to prepare an account. The rows are those that sign-up writes: it gets the default roles of the deployment and accepts the invitations that wait for its address.',
  examples: [
    {
      line: 'lfctl user create mia@example.test --org Example --role MEMBER',
      text: 'asks for the password twice',
    },
    {
      line: 'lfctl user create mia@example.test --name Mia --org Example --password-stdin --yes',
      text: 'from standard input, for scripts',
    },
    { line: 'lfctl user create mia@example.test --undo', text: 'takes it away again' },
  ],
  args: [
    { name: 'email', summary: 'e-mail of the user; kept in lower case', required: true, variadic: false },
  ],
  options: {
    name: { type: 'string', placeholder: 'NAME', summary: 'its name; made from the e-mail by default' },
    org: { type: 'string', placeholder: 'ORG', summary: 'organization that it is in, by id or name' },
    role: {
      type: 'string',
      placeholder: 'ROLE',
      summary: 'its role there: OWNER, ADMIN, MEMBER, VIEWER or NONE',
      default: 'VIEWER',
    },
    passwordStdin: { type: 'boolean', summary: 'read the password from standard input' },
    ssoOnly: { type: 'boolean', summary: 'without a password, for an identity provider' },
    undo: { type: 'boolean', summary: 'take away a user that lfctl made' },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: null,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planCreate, planCreateUndo } = await import('../users/create.ts');
      const { newPassword } = await import('../cli/new-password.ts');
      const { args, options, services } = context;
      const [email = ''] = args;
      const presenting = { resume: `lfctl user create ${email}` };
      if (options.undo) return { ...(await planCreateUndo(tenancy, journal, email)), presenting };
      const { name, org, role, ssoOnly, unverifiedVersion, passwordStdin: fromStdin, dryRun } = options;
      const ask = async (whose: string, problem: (password: string) => string | null) =>
        await newPassword(services, { fromStdin, whose }, problem);
      const password = dryRun ? null : ask;
      const wish = { email, name, org, role, ssoOnly, unverifiedVersion, password };
      return { ...(await planCreate(tenancy, journal, wish)), presenting };
    }),
});
