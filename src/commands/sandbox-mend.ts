import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';
import { LfctlError } from '../errors/error.ts';

/** `lfctl sandbox mend`. */
export const sandboxMendCommand = defineCommand({
  path: ['sandbox', 'mend'],
  summary: 'Mend what was broken in a sandbox',
  when: 'After practising. Comes back when the deployment is well again.',
  examples: [{ line: 'lfctl sandbox mend --all', text: 'mend everything that is broken' }],
  args: [
    {
      name: 'FAULT',
      summary: 'a name from `lfctl sandbox faults`',
      required: false,
      variadic: true,
      completes: 'fault',
    },
  ],
  options: {
    name: sandboxNameOption,
    all: { type: 'boolean', summary: 'mend all that is broken' },
  },
  exits: ['ok', 'usage', 'incomplete', 'locked', 'interrupted', 'terminated'],
  timeoutMs: 180_000,
  takes: [],
  run: async ({ args, options, services, signal }) => {
    if (options.all === args.length > 0)
      throw new LfctlError('USAGE', { message: 'name the faults to mend, or give --all' });
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { mendFaults } = await import('../sandbox/verbs/change.ts');
    const { changeText } = await import('../sandbox/verbs/text.ts');
    const context = await verbContext(services, signal);
    const result = await mendFaults(context, options.name, options.all ? 'all' : args);
    return { kind: 'SandboxChange', data: result, exit: 'ok', text: () => changeText(result) };
  },
});
