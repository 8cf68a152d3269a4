import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Services } from './services.ts';
import { usage } from './values.ts';

/**
 * A new password: asked for twice without showing it, or all of standard input less its last line end.
 * `problem` says what is wrong with one, without repeating it.
 * @throws LfctlError USAGE, PASSWORD_REFUSED, INTERRUPTED
 */
export async function newPassword(
  { ask, terminal }: Pick<Services, 'ask' | 'terminal'>,
  { fromStdin, whose }: { readonly fromStdin: boolean; readonly whose: string },
  problem: (password: string) => string | null,
): Promise<Secret> {
  if (fromStdin) {
    const given = (await terminal.readInput()).replace(/\r?\n$/, '');
    const wrong = problem(given);
    if (wrong !== null) throw new LfctlError('PASSWORD_REFUSED', { message: `the new password ${wrong}` });
    return new Secret(given);
  }
  if (ask === undefined)
    throw usage(
      'nobody can be asked for the new password here',
      'give it on standard input with --password-stdin',
    );
  const first = await ask.password(`New password of ${whose}:`, (answer) => {
    const wrong = problem(answer);
    return wrong === null ? null : `The password ${wrong}`;
  });
  await ask.password('The same once more:', (answer) => (answer === first ? null : 'This is another one'));
  return new Secret(first);
}
