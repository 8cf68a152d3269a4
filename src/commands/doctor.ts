import { defineCommand } from '../cli/command.ts';

export const doctorCommand = defineCommand({
  path: ['doctor'],
  summary: 'Say what is wrong with a deployment, and prove it',
  when: 'On call, first: it reads pods, logs, variables and stores at once, puts the root cause first and folds what follows from it. It only reads.',
  examples: [
    { line: 'lfctl doctor', text: 'look at everything' },
    { line: 'lfctl doctor --only redis,queue -v', text: 'some areas, with every check and its time' },
    { line: 'lfctl doctor --wait 2m -q', text: 'in a pipeline: until it is healthy, at most two minutes' },
    { line: 'lfctl doctor -o json', text: 'for scripts' },
  ],
  options: {
    only: {
      type: 'strings',
      placeholder: 'PATTERN',
      summary: 'ids, areas or globs to look at',
      completes: 'check',
    },
    skip: {
      type: 'strings',
      placeholder: 'PATTERN',
      summary: 'ids, areas or globs to leave out',
      completes: 'check',
    },
    require: {
      type: 'strings',
      placeholder: 'AREA',
      summary: 'areas that must be configured',
      completes: 'check',
    },
    strict: { type: 'boolean', summary: 'warnings are findings, and what is not configured is incomplete' },
    wait: {
      type: 'duration',
      placeholder: 'DURATION',
      summary: 'look again until healthy, for at most this long',
    },
    probe: { type: 'boolean', summary: 'also run what is more than reading: an exec in a LiteLLM pod' },
  },
  formats: ['junit', 'markdown'],
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 10_000,
  deadline: 'own',
  takes: ['cluster', 'deployment'],
  run: async ({ options, settings, services, signal }) => {
    const { watchDoctor } = await import('../doctor/watch.ts');
    const { toEnvelope } = await import('../status/envelope.ts');
    const { renderDoctorText } = await import('../render/doctor/text.ts');
    const { renderDoctorJunit } = await import('../render/doctor/junit.ts');
    const { renderDoctorMarkdown } = await import('../render/doctor/markdown.ts');
    const { verdictExit } = await import('../status/envelope.ts');
    const doctor = {
      ...options,
      settings,
      openers: services,
      env: services.env,
      now: services.now,
      fingerprint: await services.fingerprinter(),
      signal,
      onFact: (id: string) => services.terminal.progress(`looking: ${id}`),
    };
    const run = await watchDoctor(doctor, options.wait ?? 0, ({ report }, leftMs) =>
      services.terminal.progress(
        `${report.verdict}: ${report.causes[0]?.id ?? 'not all is known'}; looking again for ${Math.round(leftMs / 1000)} s`,
      ),
    );
    const deployment = toEnvelope(run);
    return {
      kind: 'DoctorReport',
      data: run.report,
      deployment,
      exit: verdictExit(run.report.verdict),
      text: (style) => renderDoctorText(run.report, deployment, style),
      formats: {
        junit: () => renderDoctorJunit(run.report),
        markdown: () => renderDoctorMarkdown(run.report),
      },
    };
  },
});
