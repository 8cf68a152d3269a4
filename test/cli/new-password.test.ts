import { describe, expect, it } from 'vitest';
import { newPassword } from '../../src/cli/new-password.ts';
import type { Asker, Services, Terminal } from '../../src/cli/services.ts';

const problem = (password: string): string | null => (password.length < 3 ? 'is short' : null);

/** A person who types these in turn, and hears what is wrong with each. */
function typing(...answers: readonly string[]): {
  services: Pick<Services, 'ask' | 'terminal'>;
  heard: string[];
} {
  const left = [...answers];
  const heard: string[] = [];
  const password: Asker['password'] = async (question, check) => {
    heard.push(question);
    for (;;) {
      const answer = left.shift();
      if (answer === undefined) throw new Error('nothing more was typed');
      const wrong = check?.(answer) ?? null;
      if (wrong === null) return await Promise.resolve(answer);
      heard.push(wrong);
    }
  };
  return { services: { ask: { password } as Asker, terminal: {} as Terminal }, heard };
}

const reading = (text: string): Pick<Services, 'ask' | 'terminal'> => ({
  terminal: { readInput: async () => await Promise.resolve(text) } as Terminal,
});

describe('a new password', () => {
  it('is asked for twice, until it is good and the same', async () => {
    const { services, heard } = typing('ab', 'abcd', 'abce', 'abcd');
    const password = await newPassword(services, { fromStdin: false, whose: 'mia@example.com' }, problem);
    expect(password.reveal()).toBe('abcd');
    expect(heard).toEqual([
      'New password of mia@example.com:',
      'The password is short',
      'The same once more:',
      'This is another one',
    ]);
  });

  it('is all of standard input less its last line end', async () => {
    const read = async (text: string): Promise<string> =>
      (await newPassword(reading(text), { fromStdin: true, whose: 'x' }, problem)).reveal();
    expect(await read(' pass word \r\n')).toBe(' pass word ');
    expect(await read('abc\n\n')).toBe('abc\n');
    await expect(read('ab\n')).rejects.toMatchObject({ code: 'PASSWORD_REFUSED' });
    await expect(read('ab\n')).rejects.toThrow('the new password is short');
  });

  it('is not waited for where nobody can be asked', async () => {
    const asked = newPassword(reading('abcd'), { fromStdin: false, whose: 'x' }, problem);
    await expect(asked).rejects.toMatchObject({ code: 'USAGE' });
    await expect(asked).rejects.toThrow('nobody can be asked');
  });
});
