import { defineCommand } from '../cli/command.ts';

export const completionCommand = defineCommand({
  path: ['completion'],
  summary: 'Print the completion script of a shell',
  when: 'Once per machine or in the shell’s start-up file. Deployments, checks, faults and contexts are completed live.',
  examples: [
    { line: 'source <(lfctl completion bash)', text: 'for this bash' },
    { line: 'lfctl completion zsh', text: 'for a file _lfctl in a folder of $fpath' },
    { line: 'lfctl completion fish', text: 'for ~/.config/fish/completions/lfctl.fish' },
  ],
  args: [
    {
      name: 'shell',
      summary: 'bash, zsh or fish',
      required: true,
      variadic: false,
      choices: ['bash', 'zsh', 'fish'],
    },
  ],
  options: {},
  exits: ['ok', 'usage'],
  timeoutMs: 30_000,
  takes: [],
  run: async ({ args: [shell = ''] }) => {
    const { completionScript } = await import('../cli/completion-scripts.ts');
    const script = await completionScript(shell);
    return { kind: 'Completion', data: { shell, script }, exit: 'ok', text: () => script };
  },
});
