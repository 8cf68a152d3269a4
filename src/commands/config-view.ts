import { defineCommand } from '../cli/command.ts';

export const configViewCommand = defineCommand({
  path: ['config', 'view'],
  summary: 'Show the effective settings',
  when: 'To see what lfctl would use and why: flags win over environment, environment over the file. Secrets are not shown.',
  examples: [
    { line: 'lfctl config view', text: 'what is set' },
    { line: 'lfctl config view --sources', text: 'and where each value comes from' },
  ],
  options: {
    sources: { type: 'boolean', summary: 'show unset ones too, and the flag, variable or line of each' },
  },
  formats: ['tsv'],
  exits: ['ok', 'config'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async ({ options, settings }) => {
    const { settingRows } = await import('../deployment/config/rows.ts');
    const { configViewText, configViewRows } = await import('../render/config.ts');
    const data = {
      file: settings.configFile,
      deployment: settings.deployment,
      settings: settingRows(settings),
    };
    return {
      kind: 'ConfigView',
      data,
      exit: 'ok',
      text: (style) => configViewText(data, options.sources, style),
      rows: () => configViewRows(data, options.sources),
    };
  },
});
