import { defineCommand, type CommandResult } from '../cli/command.ts';
import { probeIds } from '../validate/probes/ids.ts';
import type { ValidateOptions } from '../validate/start.ts';

export const validateCommand = defineCommand({
  path: ['validate'],
  summary: 'Send canary traces, follow them through every hop, and remove them',
  when: 'After a deploy, and when traces are missing: it says in seconds whether they arrive, and at which hop they are lost. It writes canaries of its own and removes them.',
  examples: [
    { line: 'lfctl validate', text: 'with the keys of the environment, or those that LiteLLM holds' },
    { line: 'lfctl validate --require queue,store', text: 'fail where these hops cannot be looked at' },
    { line: 'lfctl validate --skip public-url,certificate', text: 'leave out what cannot be seen from here' },
    { line: 'lfctl validate --clean', text: 'remove what an interrupted run has left' },
    { line: 'lfctl validate -o json', text: 'for pipelines' },
  ],
  options: {
    require: {
      type: 'strings',
      placeholder: 'NAME',
      summary: 'hops that must be seen although their store is not configured, and probes that must be ok',
      choices: ['object', 'queue', 'store', ...probeIds],
    },
    skip: { type: 'strings', placeholder: 'PROBE', summary: 'probes to leave out', choices: probeIds },
    publicUrl: {
      type: 'string',
      placeholder: 'URL',
      summary: 'where users come in, instead of NEXTAUTH_URL; the keys are sent there',
    },
    clean: { type: 'boolean', summary: 'send nothing; remove the canaries that earlier runs left' },
  },
  formats: ['junit', 'markdown'],
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 60_000,
  deadline: 'own',
  takes: ['cluster', 'deployment'],
  run: async ({ options, settings, services, signal }) => {
    const { steadyClock } = await import('../validate/clock.ts');
    const validating = {
      settings,
      openers: services,
      env: services.env,
      now: services.now,
      clock: steadyClock(signal),
      cleanClock: steadyClock(),
      fingerprint: await services.fingerprinter(),
      signal,
      require: options.require,
      probes: {
        skip: options.skip,
        idleMs: null,
        litellm: false,
        publicUrl: options.publicUrl ?? null,
      },
      onProgress: services.terminal.progress,
    };
    return options.clean ? await clean(validating) : await validate(validating);
  },
});

async function clean(validating: ValidateOptions): Promise<CommandResult> {
  const { runClean } = await import('../validate/run.ts');
  const { residueExit } = await import('../validate/judge.ts');
  const { residueText } = await import('../render/validate/text.ts');
  const data = await runClean(validating);
  return {
    kind: 'ValidateClean',
    data,
    exit: residueExit(data.residue),
    text: () => `found ${data.found} canaries\n${residueText(data.residue)}`,
  };
}

async function validate(validating: ValidateOptions): Promise<CommandResult> {
  const { runValidate } = await import('../validate/run.ts');
  const { validateExit } = await import('../validate/judge.ts');
  const { validateText } = await import('../render/validate/text.ts');
  const { validateJunit } = await import('../render/validate/junit.ts');
  const { validateMarkdown } = await import('../render/validate/markdown.ts');
  const report = await runValidate(validating);
  return {
    kind: 'ValidateReport',
    data: report,
    exit: validateExit(report.verdict),
    text: (style) => validateText(report, style),
    formats: { junit: () => validateJunit(report), markdown: () => validateMarkdown(report) },
  };
}
