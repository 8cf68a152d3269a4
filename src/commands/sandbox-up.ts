import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

const majors = { '2': 2, '3': 3, '4': 4 } as const;

/** `lfctl sandbox up`. */
export const sandboxUpCommand = defineCommand({
  path: ['sandbox', 'up'],
  summary: 'Start a practice deployment of Langfuse on this machine, or repair it',
  when: 'Before you try lfctl without a cluster, to practise incidents, or in tests. Needs nothing but Node; run again it keeps what runs and starts what is gone.',
  examples: [
    { line: 'lfctl sandbox up', text: 'start the sandbox "default"' },
    {
      line: 'lfctl sandbox up --name second --seed 7',
      text: 'a second one beside it, with the same secrets each time',
    },
    {
      line: 'lfctl sandbox up --name fourth --langfuse 4 --layout chart-2 --owned-by argo-cd',
      text: 'Langfuse 4 as the official chart 2.0 renders it, applied by Argo CD',
    },
  ],
  options: {
    name: sandboxNameOption,
    langfuse: {
      type: 'string',
      placeholder: 'MAJOR',
      summary: 'major version of Langfuse',
      choices: ['2', '3', '4'],
      default: '3',
    },
    layout: {
      type: 'string',
      placeholder: 'LAYOUT',
      summary: 'whose names and manifests; the charts begin with Langfuse 3',
      choices: ['runbook', 'chart-1', 'chart-2', 'plain'],
      default: 'runbook',
    },
    'owned-by': {
      type: 'string',
      placeholder: 'OWNER',
      summary: 'labels and owner fields as if Argo CD or an operator had applied it',
      choices: ['argo-cd', 'operator'],
    },
    'write-mode': {
      type: 'string',
      placeholder: 'MODE',
      summary: 'write mode of Langfuse 4; events_only when absent',
      choices: ['events_only', 'dual', 'legacy'],
    },
    seed: {
      type: 'string',
      placeholder: 'N',
      summary: 'makes secrets and ids the same each time; random when absent',
    },
    port: {
      type: 'integer',
      placeholder: 'PORT',
      summary: 'port of its Kubernetes API; a free one when absent',
      minimum: 1,
      maximum: 65535,
    },
    'real-time': {
      type: 'boolean',
      summary: 'probes, back-off and graces at their real pace, not ten times faster',
    },
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'locked', 'interrupted', 'terminated'],
  timeoutMs: 120_000,
  takes: [],
  run: async ({ options, services, signal, settings }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxUp } = await import('../sandbox/verbs/up.ts');
    const { upText, columns } = await import('../sandbox/verbs/text.ts');
    const result = await sandboxUp(await verbContext(services, signal), {
      name: options.name,
      generation: majors[options.langfuse],
      layout: options.layout,
      realTime: options['real-time'],
      // A little less than the whole run has: so that the answer names what is not ready.
      timeoutMs: Math.max(settings.timeoutMs - 2000, 1000),
      ...(options['owned-by'] === undefined ? {} : { owner: options['owned-by'] }),
      ...(options['write-mode'] === undefined ? {} : { writeMode: options['write-mode'] }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.port === undefined ? {} : { apiPort: options.port }),
    });
    const { status, ms, started, milestones } = result;
    const times = Object.entries(milestones).map(([name, at]) => [`  ${name}`, `${at} ms`]);
    return {
      kind: 'SandboxUp',
      data: { ...status, started, ms, milestones },
      exit: 'ok',
      text: ({ verbose }) => (verbose ? `${upText(result)}\n${columns(times)}` : upText(result)),
    };
  },
});
