import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const userRemoveCommand = defineCommand({
  path: ['user', 'remove'],
  summary: 'Delete a user, or take it out of one organization',
  when: 'When somebody leaves. Its sessions end at once. What it made stays, and is counted before; the last owner of an organization is kept.',
  examples: [
    { line: 'lfctl user remove mia@example.test --dry-run', text: 'what would go, and what would stay' },
    { line: 'lfctl user remove mia@example.test --org Example', text: 'its membership alone' },
    { line: 'lfctl user remove mia@example.test --undo', text: 'puts it back, with its password and roles' },
  ],
  args: [{ name: 'email', summary: 'e-mail of the user', required: true, variadic: false }],
  options: {
    org: { type: 'string', placeholder: 'ORG', summary: 'only out of this organization, by id or name' },
    undo: { type: 'boolean', summary: 'put back what the last removal took' },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await writing(context, async (tenancy, { journal }) => {
      const { planRemove, planRemoveUndo } = await import('../users/remove.ts');
      const { args, options } = context;
      const [email = ''] = args;
      const { org, unverifiedVersion, undo } = options;
      const planned = undo
        ? await planRemoveUndo(tenancy, journal, { email, org })
        : await planRemove(tenancy, journal, { email, org, unverifiedVersion });
      return { ...planned, presenting: { resume: `lfctl user remove ${email}` } };
    }),
});
