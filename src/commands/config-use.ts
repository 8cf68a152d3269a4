import { defineCommand } from '../cli/command.ts';

export const configUseCommand = defineCommand({
  path: ['config', 'use'],
  summary: 'Choose the deployment that lfctl works on',
  when: 'With several deployments in the configuration file: this one is used where --deployment names none.',
  examples: [{ line: 'lfctl config use production', text: 'work on the deployment called production' }],
  args: [
    {
      name: 'name',
      summary: 'a deployment of the configuration file',
      required: true,
      variadic: false,
      completes: 'deployment',
    },
  ],
  options: {},
  exits: ['ok', 'usage', 'config'],
  timeoutMs: 30_000,
  takes: [],
  run: async ({ args, settings }) => {
    const { useDeployment } = await import('../deployment/config/use.ts');
    const data = await useDeployment(settings.configFile, args[0] ?? '');
    const text = data.changed
      ? `${data.deployment} is now the current deployment\n`
      : `${data.deployment} is the current deployment already\n`;
    return { kind: 'ConfigChange', data, exit: 'ok', text: () => text };
  },
});
