/** A piece of a word: text as it is, or a variable or command to put in. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly otherwise?: string;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean };

/** A word before expansion. */
export type Word = readonly WordPart[];
/** A word or an operator of the command line. */
export type Token =
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'word'; readonly word: Word };

const operators = ['2>&1', '2>>', '2>', '&&', '||', ';;', '>>', '>', '<', ';', '|', '&', '(', ')', '\n'];

/** Cuts a script into words and operators. @throws Error for an open quote */
export function tokenize(script: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length) {
    if (script[at] === ' ' || script[at] === '\t' || script.startsWith('\\\n', at)) {
      at += script[at] === '\\' ? 2 : 1;
      continue;
    }
    if (script[at] === '#') {
      while (at < script.length && script[at] !== '\n') at += 1;
      continue;
    }
    const operator = operators.find((text) => script.startsWith(text, at));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator });
      at += operator.length;
      continue;
    }
    const { word, end } = readWord(script, at);
    tokens.push({ kind: 'word', word });
    at = end;
  }
  return tokens;
}

function readWord(script: string, start: number): { word: Word; end: number } {
  const parts: WordPart[] = [];
  let at = start;
  while (at < script.length && !/[\s;|&<>()]/.test(script[at] ?? '')) {
    const piece = readPiece(script, at);
    parts.push(...piece.parts);
    at = piece.end;
  }
  return { word: parts, end: at };
}

interface Piece {
  readonly parts: readonly WordPart[];
  readonly end: number;
}

function readPiece(script: string, at: number): Piece {
  const sign = script[at];
  if (sign === "'") {
    const end = script.indexOf("'", at + 1);
    if (end < 0) throw new Error('unterminated quoted string');
    return { parts: [{ kind: 'text', text: script.slice(at + 1, end), quoted: true }], end: end + 1 };
  }
  if (sign === '"') return readDoubleQuoted(script, at + 1);
  if (sign === '\\')
    return { parts: [{ kind: 'text', text: script[at + 1] ?? '', quoted: true }], end: at + 2 };
  if (sign === '$' || sign === '`') return readExpansion(script, at, false);
  return { parts: [{ kind: 'text', text: sign ?? '', quoted: false }], end: at + 1 };
}

function readDoubleQuoted(script: string, start: number): Piece {
  const parts: WordPart[] = [{ kind: 'text', text: '', quoted: true }];
  let at = start;
  while (script[at] !== '"') {
    if (at >= script.length) throw new Error('unterminated quoted string');
    if (script[at] === '\\' && /["\\$`\n]/.test(script[at + 1] ?? '')) {
      parts.push({ kind: 'text', text: script[at + 1] ?? '', quoted: true });
      at += 2;
    } else if (script[at] === '$' || script[at] === '`') {
      const piece = readExpansion(script, at, true);
      parts.push(...piece.parts);
      at = piece.end;
    } else {
      parts.push({ kind: 'text', text: script[at] ?? '', quoted: true });
      at += 1;
    }
  }
  return { parts, end: at + 1 };
}

function readExpansion(script: string, at: number, quoted: boolean): Piece {
  const rest = script.slice(at);
  const braces = /^\$\{(\w+)(?::?-([^}]*))?\}/.exec(rest);
  const plain = /^\$(\w+|[?$#])/.exec(rest);
  const name = braces?.[1] ?? plain?.[1];
  if (name !== undefined) {
    const otherwise = braces?.[2] === undefined ? {} : { otherwise: braces[2] };
    return {
      parts: [{ kind: 'variable', name, ...otherwise, quoted }],
      end: at + (braces ?? plain ?? [''])[0].length,
    };
  }
  const end = rest.startsWith('$(') ? closing(script, at + 1) : script.indexOf('`', at + 1);
  const from = at + (rest.startsWith('$(') ? 2 : 1);
  if (rest === '$' || (rest.startsWith('$') && !rest.startsWith('$(')) || end < 0)
    return { parts: [{ kind: 'text', text: script[at] ?? '', quoted }], end: at + 1 };
  return { parts: [{ kind: 'command', script: script.slice(from, end), quoted }], end: end + 1 };
}

/** Index of the bracket that closes the one at `open`. */
function closing(script: string, open: number): number {
  let depth = 0;
  for (let at = open; at < script.length; at += 1) {
    if (script[at] === '(') depth += 1;
    if (script[at] === ')' && (depth -= 1) === 0) return at;
  }
  return -1;
}
