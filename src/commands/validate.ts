import { defineCommand, type CommandResult } from '../cli/command.ts';
import { probeIds } from '../validate/probes/ids.ts';
import type { DuringOptions } from '../validate/during/trip.ts';
import type { ValidateOptions } from '../validate/start.ts';
import type { Swept } from '../validate/temporary-pair.ts';

export const validateCommand = defineCommand({
  path: ['validate'],
  summary: 'Send canary traces, follow them through every hop, and remove them',
  when: 'After a deploy, and when traces are missing: it says in seconds whether they arrive, and at which hop they are lost. It writes canaries of its own and removes them.',
  examples: [
    { line: 'lfctl validate', text: 'with the keys of the environment, or those that LiteLLM holds' },
    { line: 'lfctl validate --require queue,store', text: 'fail where these hops cannot be looked at' },
    { line: 'lfctl validate --skip public-url,certificate', text: 'leave out what cannot be seen from here' },
    {
      line: 'lfctl validate --during --for 2m -- kubectl rollout restart deploy/langfuse -n hyperplane-langfuse',
      text: 'whether a change loses traces; --for, because kubectl returns before it is over',
    },
    {
      line: 'lfctl validate --for 10s --rate 20/s -o html',
      text: 'times over a while, as a page with a chart',
    },
    { line: 'lfctl validate --litellm', text: 'a call of a mock model through LiteLLM as well' },
    { line: 'lfctl validate --clean', text: 'remove what an interrupted run has left' },
    {
      line: 'lfctl validate --temporary-key production',
      text: 'with a key that is made for the run, where none is at hand',
    },
    { line: 'lfctl validate -o json', text: 'for pipelines' },
  ],
  args: [
    {
      name: 'command',
      summary: 'of --during: what changes something, after --',
      required: false,
      variadic: true,
    },
  ],
  options: {
    require: {
      type: 'strings',
      placeholder: 'NAME',
      summary: 'hops that must be seen although their store is not configured, and probes that must be ok',
      choices: ['object', 'queue', 'store', ...probeIds],
    },
    skip: { type: 'strings', placeholder: 'PROBE', summary: 'probes to leave out', choices: probeIds },
    idle: {
      type: 'duration',
      placeholder: 'DURATION',
      summary: 'leave a connection idle for so long and use it again: it must outlive the load balancer',
    },
    litellm: {
      type: 'boolean',
      summary: 'call a mock model through LiteLLM in the cluster, and look for its trace',
    },
    publicUrl: {
      type: 'string',
      placeholder: 'URL',
      summary: 'where users come in, instead of NEXTAUTH_URL; the keys are sent there',
    },
    during: {
      type: 'boolean',
      summary: 'send canaries while the COMMAND after -- runs, and count what became of them',
    },
    for: {
      type: 'duration',
      placeholder: 'DURATION',
      summary: 'send canaries for at least so long, with or without a command',
    },
    rate: {
      type: 'string',
      placeholder: 'RATE',
      summary: 'canaries of --during and --for, such as 300/m (default 5/s)',
    },
    clean: { type: 'boolean', summary: 'send nothing; remove the canaries that earlier runs left' },
    temporaryKey: {
      type: 'string',
      placeholder: 'PROJECT',
      summary:
        'write to this project, by id or name, with a key made for the run and removed after it; needs access to Postgres',
    },
  },
  formats: ['junit', 'markdown', 'html', 'prometheus'],
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 60_000,
  deadline: 'own',
  takes: ['cluster', 'deployment'],
  run: async ({ options, args, settings, services, signal }) => {
    const { steadyClock } = await import('../validate/clock.ts');
    const { askedDuring } = await import('../validate/during/ask.ts');
    const { probeWishes } = await import('../validate/probes/wishes.ts');
    const { during, rate, clean: isClean } = options;
    const asked = askedDuring(
      { during, forMs: options.for ?? null, rate, words: args, clean: isClean },
      { start: services.startChild, env: services.env, sharesTerminal: services.terminal.interactive },
    );
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
      probes: probeWishes({ ...options, plain: asked === null && !isClean }),
      onProgress: services.terminal.progress,
      onNote: services.terminal.note,
    };
    const within = withKeys(validating, options.temporaryKey);
    return isClean ? await clean(within) : await validate(within, asked);
  },
});

/** Does the work with the keys that were asked for. */
type Within = <Value extends Swept>(work: (options: ValidateOptions) => Promise<Value>) => Promise<Value>;

function withKeys(validating: ValidateOptions, project: string | undefined): Within {
  return async (work) => {
    if (project === undefined) return await work(validating);
    const { withTemporaryPair } = await import('../validate/temporary-pair.ts');
    return await withTemporaryPair(validating, project, work);
  };
}

async function clean(within: Within): Promise<CommandResult> {
  const { runClean } = await import('../validate/run.ts');
  const { residueExit } = await import('../validate/judge.ts');
  const { cleanedText } = await import('../render/validate/text.ts');
  const data = await within(runClean);
  return {
    kind: 'ValidateClean',
    data,
    exit: residueExit(data.residue),
    text: () => cleanedText(data),
  };
}

async function validate(within: Within, asked: DuringOptions | null): Promise<CommandResult> {
  const { runValidate } = await import('../validate/run.ts');
  const { runDuring } = await import('../validate/during/during.ts');
  const { validateExit } = await import('../validate/judge.ts');
  const { validateText } = await import('../render/validate/text.ts');
  const { validateJunit } = await import('../render/validate/junit.ts');
  const { validateMarkdown } = await import('../render/validate/markdown.ts');
  const { validateHtml } = await import('../render/validate/html.ts');
  const { validatePrometheus } = await import('../render/validate/prometheus.ts');
  const report = await within(
    async (all) => await (asked === null ? runValidate(all) : runDuring(all, asked)),
  );
  return {
    kind: 'ValidateReport',
    data: report,
    exit: validateExit(report.verdict),
    text: (style) => validateText(report, style),
    formats: {
      junit: () => validateJunit(report),
      markdown: () => validateMarkdown(report),
      html: () => validateHtml(report),
      prometheus: () => validatePrometheus(report),
    },
  };
}
