/** Why a run ended, in the contract's words. The same in every output format. */
export type ExitName =
  | 'ok'
  | 'findings'
  | 'usage'
  | 'config'
  | 'incomplete'
  | 'refused'
  | 'partial'
  | 'locked'
  | 'bug'
  | 'interrupted'
  | 'terminated';

/** Process exit code of each way to end. */
export const exitCodes: Readonly<Record<ExitName, number>> = {
  ok: 0,
  findings: 1,
  usage: 2,
  config: 3,
  incomplete: 4,
  refused: 5,
  partial: 6,
  locked: 7,
  bug: 70,
  interrupted: 130,
  terminated: 143,
};

/** What each exit means, for `--help` and the docs. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: 'done; healthy; nothing to do',
  findings: 'the command ran and found the deployment wrong',
  usage: 'wrong flags or arguments; a name that matches nothing or more than one thing',
  config: 'settings or credentials missing or invalid',
  incomplete: 'nothing found wrong, but something configured could not be read',
  refused: 'a guard, the answer to a question, or no terminal and no --yes; nothing was changed',
  partial: 'some steps were applied and not undone, then it stopped',
  locked: 'another lfctl operation holds the lock',
  bug: 'a fault of lfctl itself; a stack only with --debug',
  interrupted: 'SIGINT; the current step was finished or undone',
  terminated: 'SIGTERM; the current step was finished or undone',
};

/** When several apply, the first of these wins. */
const precedence: readonly ExitName[] = [
  'bug',
  'partial',
  'interrupted',
  'terminated',
  'locked',
  'refused',
  'findings',
  'usage',
  'config',
  'incomplete',
  'ok',
];

/** The one exit of a run that could end in several ways. */
export function worstExit(...exits: readonly ExitName[]): ExitName {
  return precedence.find((name) => exits.includes(name)) ?? 'ok';
}
