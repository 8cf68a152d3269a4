/** A word of a statement that is no text, no quoted name, no comment and stands in no parentheses. */
export interface SqlWord {
  /** In capitals. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const pieces =
  /'(?:\\[\s\S]|''|[^'\\])*'?|"(?:\\[\s\S]|""|[^"\\])*"?|`(?:\\[\s\S]|``|[^`\\])*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_][A-Za-z0-9_]*|[()[\]{}]|[^\s]/g;

/** Goes through the words that make up the statement's frame, from its beginning. */
export function* frameWords(sql: string): Generator<SqlWord> {
  let depth = 0;
  for (const match of sql.matchAll(pieces)) {
    const piece = match[0];
    if ('([{'.includes(piece)) depth += 1;
    else if (')]}'.includes(piece)) depth -= 1;
    else if (depth === 0 && /^[A-Za-z_]/.test(piece))
      yield { word: piece.toUpperCase(), start: match.index, end: match.index + piece.length };
  }
}

/** The statement's first word, also when it stands in parentheses: SELECT, INSERT, KILL … */
export function firstWord(sql: string): string {
  return frameWords(sql.replace(/^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')).next().value?.word ?? '';
}
