/** A glob of KEYS, SCAN, CONFIG GET and PSUBSCRIBE as a pattern. */
export function globPattern(glob: string): RegExp {
  const tokens = glob.matchAll(/\\(.)|\[(\^?)((?:\\.|[^\]])*)\]|([\s\S])/g);
  let source = '';
  for (const [, escaped, not, set, char = ''] of tokens) {
    if (escaped !== undefined) source += literal(escaped);
    else if (set !== undefined) source += `[${not ?? ''}${set.replace(/\\?([\]\\^[])/g, '\\$1')}]`;
    else if (char === '*') source += '.*';
    else source += char === '?' ? '.' : literal(char);
  }
  return new RegExp(`^${source}$`, 's');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
