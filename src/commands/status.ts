import { defineCommand } from '../cli/command.ts';

export const statusCommand = defineCommand({
  path: ['status'],
  summary: 'Show a deployment on one screen',
  when: 'To see what runs: version, pods, stores with size and latency, queues, owner, and the worst findings.',
  examples: [
    { line: 'lfctl status', text: 'the current deployment' },
    { line: 'lfctl status -n hyperplane-langfuse -o yaml', text: 'another namespace, for scripts' },
  ],
  options: {},
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 10_000,
  deadline: 'own',
  takes: ['cluster', 'deployment'],
  run: async ({ settings, services, signal }) => {
    const { runDoctor } = await import('../doctor/run.ts');
    const { statusFacts, toStatus } = await import('../status/status.ts');
    const { toEnvelope, verdictExit } = await import('../status/envelope.ts');
    const { statusText } = await import('../render/status.ts');
    const run = await runDoctor({
      settings,
      openers: services,
      env: services.env,
      now: services.now,
      fingerprint: await services.fingerprinter(),
      signal,
      only: [],
      skip: [],
      require: [],
      strict: false,
      probe: false,
      alsoFacts: statusFacts,
      onFact: (id) => services.terminal.progress(`looking: ${id}`),
    });
    const status = toStatus(run);
    return {
      kind: 'Status',
      data: status,
      deployment: toEnvelope(run),
      exit: verdictExit(status.verdict),
      text: (style) => statusText(status, style),
    };
  },
});
