import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const userResetPasswordCommand = defineCommand({
  path: ['user', 'reset-password'],
  summary: 'Give a user a new password',
  when: 'When somebody cannot sign in and no mail is set up for Langfuse to send a code by. It says when SSO makes the password useless, and that sessions go on.',
  examples: [
    { line: 'lfctl user reset-password admin@example.test', text: 'asks for the password twice' },
    {
      line: 'lfctl user reset-password admin@example.test --password-stdin --yes',
      text: 'from standard input, for scripts',
    },
    { line: 'lfctl user reset-password admin@example.test --undo', text: 'puts the old one back' },
  ],
  args: [{ name: 'email', summary: 'e-mail of the user', required: true, variadic: false }],
  options: {
    passwordStdin: { type: 'boolean', summary: 'read the new password from standard input' },
    addPassword: {
      type: 'boolean',
      summary: 'also where the user has none and signs in through an identity provider',
    },
    undo: { type: 'boolean', summary: 'put back the password of before the last reset' },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: null,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planReset, planResetUndo } = await import('../users/reset-password.ts');
      const { newPassword } = await import('../cli/new-password.ts');
      const { args, options, services } = context;
      const [email = ''] = args;
      const presenting = { resume: `lfctl user reset-password ${email}` };
      if (options.undo) return { ...(await planResetUndo(tenancy, journal, email)), presenting };
      const fromStdin = options.passwordStdin;
      const ask = async (whose: string, problem: (password: string) => string | null) =>
        await newPassword(services, { fromStdin, whose }, problem);
      const planned = await planReset(tenancy, journal, {
        email,
        addPassword: options.addPassword,
        unverifiedVersion: options.unverifiedVersion,
        password: options.dryRun ? null : ask,
      });
      return { ...planned, presenting };
    }),
});
