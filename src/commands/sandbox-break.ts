import { defineCommand } from '../cli/command.ts';
import { sandboxNameOption } from '../cli/globals.ts';

/** `lfctl sandbox break`. */
export const sandboxBreakCommand = defineCommand({
  path: ['sandbox', 'break'],
  summary: 'Break something in a sandbox, as it happens in life',
  when: 'To practise an incident or to see what doctor says of it. Comes back when the change has arrived.',
  examples: [{ line: 'lfctl sandbox break redis-down', text: 'scale Redis to zero' }],
  args: [
    {
      name: 'FAULT',
      summary: 'a name from `lfctl sandbox faults`',
      required: true,
      variadic: true,
      completes: 'fault',
    },
  ],
  options: {
    name: sandboxNameOption,
  },
  exits: ['ok', 'usage', 'incomplete', 'locked', 'interrupted', 'terminated'],
  timeoutMs: 180_000,
  takes: [],
  run: async ({ args, options, services, signal }) => {
    const { verbContext } = await import('../sandbox/verbs/from-services.ts');
    const { breakFaults } = await import('../sandbox/verbs/change.ts');
    const { changeText } = await import('../sandbox/verbs/text.ts');
    const context = await verbContext(services, signal);
    const result = await breakFaults(context, options.name, args);
    return { kind: 'SandboxChange', data: result, exit: 'ok', text: () => changeText(result) };
  },
});
