import { defineCommand } from '../cli/command.ts';

export const envCommand = defineCommand({
  path: ['env'],
  summary: 'Show the effective variables of web and worker',
  when: 'To see what a container really gets, from where, and whether this version reads it. Secrets are shown as fingerprints.',
  examples: [
    { line: 'lfctl env', text: 'all variables of all components' },
    { line: 'lfctl env --component worker', text: "the worker's alone" },
    { line: 'lfctl env --inert', text: 'those that this version does not read, and what it reads instead' },
  ],
  options: {
    component: { type: 'string', placeholder: 'ROLE', summary: 'web or worker', choices: ['web', 'worker'] },
    inert: { type: 'boolean', summary: 'only variables that this version does not read' },
  },
  formats: ['tsv'],
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 30_000,
  takes: ['cluster', 'deployment'],
  run: async ({ options, settings, services, signal }) => {
    const { discoverFor } = await import('../status/discover-for.ts');
    const { envReport } = await import('../deployment/env-report.ts');
    const { envRows, envText } = await import('../render/env.ts');
    const { deployment, envelope } = await discoverFor({ settings, services, signal });
    const { component } = options;
    const role = component === 'web' || component === 'worker' ? component : null;
    const all = envReport(deployment, role, await services.fingerprinter());
    const data = options.inert
      ? { ...all, variables: all.variables.filter((row) => row.read === false) }
      : all;
    return {
      kind: 'EnvReport',
      data,
      deployment: envelope,
      exit: data.unreadable.length === 0 ? 'ok' : 'incomplete',
      text: (style) => envText(data, style),
      rows: () => envRows(data),
    };
  },
});
