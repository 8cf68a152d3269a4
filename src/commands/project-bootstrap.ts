import { defineCommand } from '../cli/command.ts';
import { writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

export const projectBootstrapCommand = defineCommand({
  path: ['project', 'bootstrap'],
  summary: 'Give an organisation its projects, and each team a key in each of them',
  when: 'For a new organisation or a new team: production, staging and dev are made where they are missing, and a key for each team where it has none. A second run changes nothing.',
  examples: [
    { line: 'lfctl project bootstrap Example --dry-run', text: 'which of the three are missing' },
    {
      line: 'lfctl project bootstrap Example --team search --to-secret apps/{project}-{team} --yes',
      text: 'a Secret for each pair',
    },
    {
      line: 'lfctl project bootstrap -f teams.yaml --yes',
      text: 'as a file has it; lfctl explain projects shows its shape',
    },
  ],
  args: [
    {
      name: 'org',
      summary: 'id or name of the organisation; the only one when absent',
      required: false,
      variadic: false,
    },
  ],
  options: {
    file: {
      type: 'string',
      short: 'f',
      placeholder: 'FILE',
      summary: 'organisation, projects and teams as YAML',
      completes: 'file',
    },
    name: {
      type: 'strings',
      placeholder: 'NAME',
      summary: 'names of the projects (default production, staging, dev)',
    },
    team: { type: 'strings', placeholder: 'TEAM', summary: 'a key for each team; its name becomes the note' },
    toSecret: {
      type: 'string',
      placeholder: 'NAMESPACE/NAME',
      summary: 'put each pair into this Secret; {project} and {team} are filled in',
    },
    toFile: {
      type: 'string',
      placeholder: 'FILE',
      summary: 'put each pair into a new file that only you may read; {project} and {team} are filled in',
      completes: 'file',
    },
    reveal: { type: 'boolean', summary: 'print the secrets with the result' },
    ...writerOptions,
  },
  formats: ['env'],
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 120_000,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, args, services } = context;
    const { blueprintOf } = await import('../projects/bootstrap/request.ts');
    const { usualNames } = await import('../keys/deliver.ts');
    const blueprint = await blueprintOf({ ...options, org: args[0] });
    const { toSecret, toFile, reveal, unverifiedVersion } = options;
    const places = {
      toSecret,
      toFile,
      reveal,
      names: usualNames,
      terminal: services.terminal.interactive,
      given: false,
    };
    return await writing(context, async (tenancy, { journal }) => {
      const { planBootstrap } = await import('../projects/bootstrap/plan.ts');
      const { createdMore } = await import('../keys/create-plan.ts');
      const { createdEnv, createdText } = await import('../render/keys/created.ts');
      const show = (text: string): void => services.terminal.note(text);
      const wish = { blueprint, places, unverifiedVersion, show };
      const { keys, ...planned } = await planBootstrap(tenancy, journal, wish);
      return {
        ...planned,
        presenting: {
          resume: 'lfctl project bootstrap, with the same words',
          more: () => ({ keys: createdMore(keys) }),
          text: () => createdText(keys),
          formats: () => (reveal ? { env: () => createdEnv(keys) } : {}),
        },
      };
    });
  },
});
