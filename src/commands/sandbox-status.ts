import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

/** `lfctl sandbox status`. */
export const sandboxStatusCommand = defineCommand({
  path: ['sandbox', 'status'],
  summary: 'Show the parts of a sandbox and what is broken on purpose',
  when: 'When something in the sandbox does not answer: it names the part that is down.',
  examples: [{ line: 'lfctl sandbox status', text: 'look at the sandbox "default"' }],
  options: {
    name: sandboxNameOption,
  },
  exits: ['ok', 'findings', 'usage'],
  timeoutMs: 30_000,
  takes: [],
  run: async ({ options, services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxStatus, allUp } = await import('../sandbox/verbs/status.ts');
    const { statusText } = await import('../sandbox/verbs/text.ts');
    const status = await sandboxStatus(await verbContext(services, signal), options.name);
    return {
      kind: 'SandboxStatus',
      data: status,
      exit: allUp(status) ? 'ok' : 'findings',
      text: () => statusText(status),
    };
  },
});
