import { LfctlError } from '../errors/error.ts';
import type { Host } from './host.ts';
import type { Asker } from './services.ts';

/** Questions on stderr, so that stdout stays the result. The prompts are loaded when the first one is asked. */
export function openAsker(host: Host, signal: AbortSignal): Asker {
  const prompts = (): Promise<typeof import('@inquirer/prompts')> => import('@inquirer/prompts');
  const context = (): Parameters<(typeof import('@inquirer/prompts'))['confirm']>[1] => ({
    input: host.stdin as unknown as NodeJS.ReadableStream,
    output: host.stderr as unknown as NodeJS.WritableStream,
    signal,
  });
  return {
    select: async (message, choices, initial) =>
      await answered(async () =>
        (await prompts()).select(
          { message, choices: [...choices], ...(initial === undefined ? {} : { default: initial }) },
          context(),
        ),
      ),
    input: async (message, initial, check) =>
      await answered(async () =>
        (await prompts()).input(
          { message, default: initial, validate: (answer) => check?.(answer) ?? true },
          context(),
        ),
      ),
    confirm: async (message, initial) =>
      await answered(async () => (await prompts()).confirm({ message, default: initial }, context())),
    password: async (message, check) =>
      await answered(async () =>
        (await prompts()).password(
          { message, mask: false, validate: (answer) => check?.(answer) ?? true },
          context(),
        ),
      ),
  };
}

/** Ctrl-C at a question reaches the prompt as a key, not the process as a signal. */
async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new LfctlError('INTERRUPTED', { message: 'interrupted at a question; nothing was changed' });
    throw error;
  }
}
