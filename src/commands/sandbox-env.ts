import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

/** `lfctl sandbox env`. */
export const sandboxEnvCommand = defineCommand({
  path: ['sandbox', 'env'],
  summary: 'Print the line that points your shell at a sandbox',
  when: 'After `sandbox up`, so that lfctl and kubectl work on the sandbox.',
  examples: [{ line: 'eval "$(lfctl sandbox env)"', text: 'use the sandbox in this shell' }],
  options: {
    name: sandboxNameOption,
  },
  formats: ['env'],
  exits: ['ok', 'usage'],
  timeoutMs: 10_000,
  takes: [],
  run: async ({ options, services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { sandboxEnv, shellExports } = await import('../sandbox/verbs/env.ts');
    const variables = await sandboxEnv(await verbContext(services, signal), options.name);
    const text = shellExports(variables);
    return {
      kind: 'SandboxEnv',
      data: { name: options.name, variables },
      exit: 'ok',
      text: () => text,
      formats: { env: () => text },
    };
  },
});
