import { defineCommand } from '../cli/command.ts';
import { projectOption, writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';
import { LfctlError } from '../errors/error.ts';

export const keyCreateCommand = defineCommand({
  path: ['key', 'create'],
  summary: 'Make an API key for a project, or one for each of several teams',
  when: 'When an application or a team is to send traces. The secret is shown once on a terminal, or goes where it is needed; it is kept nowhere else.',
  examples: [
    { line: 'lfctl key create -p production --note checkout', text: 'shows the pair once' },
    {
      line: 'lfctl key create -p production --note litellm --to-secret litellm/langfuse-keys',
      text: 'the pair goes into a Secret and nowhere else',
    },
    {
      line: 'lfctl key create -p production --team search --team ads --to-secret apps/{team}-langfuse',
      text: 'a key per team, each with a Secret of its own',
    },
    {
      line: 'lfctl key create -p production --note ci --reveal -o env',
      text: 'for a pipeline that keeps it',
    },
  ],
  options: {
    project: projectOption,
    note: { type: 'string', placeholder: 'TEXT', summary: 'what it is for, as the UI shows it' },
    team: { type: 'strings', placeholder: 'TEAM', summary: 'a key for each team; its name becomes the note' },
    toSecret: {
      type: 'string',
      placeholder: 'NAMESPACE/NAME',
      summary: 'put the pair into this Secret; {team} stands for the team',
    },
    toFile: {
      type: 'string',
      placeholder: 'FILE',
      summary: 'put the pair into a new file that only you may read; {team} stands for the team',
      completes: 'file',
    },
    publicKeyName: {
      type: 'string',
      placeholder: 'NAME',
      summary: 'name of the public key in the Secret or file',
      default: 'LANGFUSE_PUBLIC_KEY',
    },
    secretKeyName: {
      type: 'string',
      placeholder: 'NAME',
      summary: 'name of the secret key in the Secret or file',
      default: 'LANGFUSE_SECRET_KEY',
    },
    reveal: { type: 'boolean', summary: 'print the secret with the result' },
    fromInput: {
      type: 'boolean',
      summary: 'take the pair from standard input (JSON or NAME=value lines) instead of making one',
    },
    ...writerOptions,
  },
  formats: ['env'],
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, services } = context;
    if (options.project === undefined)
      throw new LfctlError('USAGE', { message: 'name the project with --project' });
    const wanted = options.project;
    const { createRequest } = await import('../keys/request.ts');
    const requested = await createRequest(options, services.terminal);
    return await writing(context, async (tenancy, place) => {
      const { createdMore, createKeysPlan, pickUp } = await import('../keys/create-plan.ts');
      const { createdEnv, createdText } = await import('../render/keys/created.ts');
      const { project, request } = await pickUp(tenancy, wanted, requested);
      const { plan, keys, continues } = await createKeysPlan(tenancy, request, await place.journal.runs());
      return {
        plan,
        ...(continues === null ? {} : { continues }),
        presenting: {
          resume: `lfctl key create -p ${project.id}, with the same note or teams`,
          more: () => ({ project: { id: project.id, name: project.name }, keys: createdMore(keys) }),
          text: () => createdText(keys),
          formats: () => (options.reveal ? { env: () => createdEnv(keys) } : {}),
        },
      };
    });
  },
});
