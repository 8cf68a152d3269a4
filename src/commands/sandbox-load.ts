import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

/** `lfctl sandbox load`. */
export const sandboxLoadCommand = defineCommand({
  path: ['sandbox', 'load'],
  summary: 'Send traces to a sandbox as the SDKs do',
  when: 'To give the deployment work while you watch it, restart it or break it.',
  examples: [
    { line: 'lfctl sandbox load --rps 20 --for 5s', text: 'a hundred requests in five seconds' },
    {
      line: 'lfctl sandbox load --secret hyperplane-litellm/litellm-env --for 1m',
      text: 'with the pair of a consumer, whatever becomes of it meanwhile',
    },
  ],
  options: {
    name: sandboxNameOption,
    rps: {
      type: 'integer',
      placeholder: 'N',
      summary: 'requests a second',
      minimum: 1,
      maximum: 1000,
      default: 10,
    },
    for: { type: 'duration', placeholder: 'D', summary: 'how long', defaultMs: 10_000 },
    through: {
      type: 'string',
      placeholder: 'WAY',
      summary: 'straight to the Service, or through the load balancer as users come',
      choices: ['service', 'load-balancer'],
      default: 'service',
    },
    secret: {
      type: 'string',
      placeholder: '[NAMESPACE/]NAME',
      summary:
        'read the key pair from this Secret, and again each second, as a client with a mounted file does',
    },
  },
  exits: ['ok', 'findings', 'usage', 'interrupted', 'terminated'],
  timeoutMs: null,
  takes: [],
  run: async ({ options, services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxLoad } = await import('../sandbox/verbs/load.ts');
    const { loadText } = await import('../sandbox/verbs/text.ts');
    const report = await sandboxLoad(await verbContext(services, signal), {
      name: options.name,
      rps: options.rps,
      durationMs: options.for,
      through: options.through === 'load-balancer' ? 'load-balancer' : 'service',
      secret: options.secret ?? null,
    });
    return {
      kind: 'SandboxLoad',
      data: report,
      exit: report.accepted === report.sent ? 'ok' : 'findings',
      text: () => loadText(report),
    };
  },
});
