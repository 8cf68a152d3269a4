import type { Residue } from '../report.ts';

/** An interrupted run has no report: what it could not remove is told in a line of its own. Never rejects. */
export async function cleanOrTell(
  clean: () => Promise<Residue>,
  tell: (text: string) => void,
): Promise<void> {
  const later = 'lfctl validate --clean removes it';
  try {
    const { total, unknown } = await clean();
    const unseen = Object.keys(unknown);
    if (total > 0) tell(`${String(total)} things of the canaries are left: ${later}`);
    if (unseen.length > 0) tell(`not known what the canaries left in ${unseen.join(', ')}: ${later}`);
  } catch {
    // Why the run ended is told by its own error; a broken clean-up adds only that it did not come to its end.
    tell(`the canaries could not be removed: ${later}`);
  }
}
