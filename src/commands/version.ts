import { defineCommand } from '../cli/command.ts';

export const versionCommand = defineCommand({
  path: ['version'],
  summary: 'Print the version of lfctl',
  when: 'For scripts that need it as a document; `lfctl --version` prints the number alone.',
  examples: [{ line: 'lfctl version -o json', text: 'as JSON' }],
  options: {},
  exits: ['ok'],
  timeoutMs: 30_000,
  takes: [],
  run: async () => {
    const { lfctlVersion } = await import('../cli/package.ts');
    return { kind: 'Version', data: { lfctl: lfctlVersion }, exit: 'ok', text: () => lfctlVersion };
  },
});
