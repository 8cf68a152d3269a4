import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

/** `lfctl sandbox down`. */
export const sandboxDownCommand = defineCommand({
  path: ['sandbox', 'down'],
  summary: 'End a sandbox and remove its data',
  when: 'When you are done with it: no process and no file of it is left.',
  examples: [{ line: 'lfctl sandbox down', text: 'remove the sandbox "default"' }],
  options: {
    name: sandboxNameOption,
  },
  exits: ['ok', 'usage', 'config', 'locked'],
  timeoutMs: 60_000,
  takes: [],
  run: async ({ options, services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxDown } = await import('../sandbox/verbs/down.ts');
    const result = await sandboxDown(await verbContext(services, signal), options.name);
    const text = result.removed ? `sandbox ${result.name} is gone` : `there is no sandbox ${result.name}`;
    return { kind: 'SandboxDown', data: result, exit: 'ok', text: () => text };
  },
});
