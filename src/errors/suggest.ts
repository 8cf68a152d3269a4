/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, (before[column - 2] ?? 0) + 1);
      current.push(best);
    }
    [before, previous] = [previous, current];
  }
  return previous[right.length] ?? 0;
}

/** The known names that the given one was most likely meant to be, nearest first; at most three. */
function suggest(wrong: string, known: Iterable<string>): string[] {
  const given = wrong.toLowerCase();
  const ranked = [...new Set(known)]
    .map((name) => ({ name, away: away(given, name.toLowerCase()) }))
    .filter(
      ({ name, away: steps }) => steps <= Math.max(1, Math.floor(Math.max(given.length, name.length) * 0.4)),
    )
    .sort((left, right) => left.away - right.away || left.name.localeCompare(right.name));
  return ranked.slice(0, 3).map(({ name }) => name);
}

/** A name that starts or ends with what was typed is as near as one wrong letter. */
function away(given: string, name: string): number {
  const part =
    given.length >= 3 && (name.startsWith(given) || name.endsWith(given) || given.startsWith(name));
  return part ? Math.min(1, distance(given, name)) : distance(given, name);
}

/** `did you mean a or b?`, or nothing. */
export function didYouMean(wrong: string, known: Iterable<string>): string | null {
  const names = suggest(wrong, known);
  return names.length === 0 ? null : `did you mean ${names.join(' or ')}?`;
}
