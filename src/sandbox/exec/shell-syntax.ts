import { type Token, tokenize, type Word } from './shell-words.ts';

/** `> file`, `2>&1` and their like. */
export interface Redirect {
  readonly operator: string;
  readonly target: Word;
}

/** A script as a tree; only what one-liners in manifests and at the prompt use. */
export type Script =
  | { readonly kind: 'command'; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'pipe'; readonly parts: readonly Script[] }
  | { readonly kind: 'and' | 'or'; readonly left: Script; readonly right: Script }
  | { readonly kind: 'not'; readonly script: Script }
  | { readonly kind: 'list'; readonly items: readonly Script[] }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  | {
      readonly kind: 'if';
      readonly condition: Script;
      readonly whenTrue: Script;
      readonly otherwise: Script | null;
    };

/** The text of a word without quotes or expansions, else ''. */
function plain(token: Token | undefined): string {
  if (token?.kind !== 'word') return '';
  return token.word.every((part) => part.kind === 'text' && !part.quoted)
    ? token.word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : '';
}

/** @throws Error `syntax error: …` */
export function parseScript(text: string): Script {
  const tokens = tokenize(text);
  const parser = new Parser(tokens);
  const script = parser.list([]);
  if (!parser.atEnd()) throw new Error(`syntax error: unexpected "${parser.peekText()}"`);
  return script;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  peekText(): string {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' ? token.text : plain(token);
  }

  private take(text: string): boolean {
    if (this.atEnd() || this.peekText() !== text) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Error(`syntax error: expected "${text}"`);
  }

  private skipBreaks(): void {
    while (this.take(';') || this.take('\n') || this.take('&'));
  }

  /** Commands up to one of these words. */
  list(ends: readonly string[]): Script {
    const items: Script[] = [];
    this.skipBreaks();
    while (!this.atEnd() && !ends.includes(this.peekText())) {
      items.push(this.chain());
      const at = this.at;
      this.skipBreaks();
      if (at === this.at) break;
    }
    return { kind: 'list', items };
  }

  private chain(): Script {
    let left = this.pipeline();
    for (;;) {
      const kind = this.take('&&') ? 'and' : this.take('||') ? 'or' : null;
      if (kind === null) return left;
      while (this.take('\n'));
      left = { kind, left, right: this.pipeline() };
    }
  }

  private pipeline(): Script {
    if (this.take('!')) return { kind: 'not', script: this.pipeline() };
    const parts = [this.single()];
    while (this.take('|')) parts.push(this.single());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'pipe', parts };
  }

  private single(): Script {
    if (this.take('while')) return this.loop(false);
    if (this.take('until')) return this.loop(true);
    if (this.take('for')) return this.forLoop();
    if (this.take('if')) return this.choice();
    if (this.take('(')) return this.group(')');
    if (this.take('{')) return this.group('}');
    return this.command();
  }

  private group(end: string): Script {
    const script = this.list([end]);
    this.expect(end);
    return script;
  }

  private body(): Script {
    this.skipBreaks();
    this.expect('do');
    return this.group('done');
  }

  private loop(until: boolean): Script {
    return { kind: 'loop', until, condition: this.list(['do']), body: this.body() };
  }

  private forLoop(): Script {
    const name = this.peekText();
    this.at += 1;
    this.expect('in');
    const words: Word[] = [];
    for (let token = this.tokens[this.at]; token?.kind === 'word'; token = this.tokens[this.at]) {
      words.push(token.word);
      this.at += 1;
    }
    return { kind: 'for', name, words, body: this.body() };
  }

  private choice(): Script {
    const condition = this.list(['then']);
    this.expect('then');
    const whenTrue = this.list(['elif', 'else', 'fi']);
    if (this.take('elif')) return { kind: 'if', condition, whenTrue, otherwise: this.choice() };
    const otherwise = this.take('else') ? this.list(['fi']) : null;
    this.expect('fi');
    return { kind: 'if', condition, whenTrue, otherwise };
  }

  private command(): Script {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (token.kind === 'word') words.push(token.word);
      else if (token.text === '2>&1') redirects.push({ operator: token.text, target: [] });
      else if (['>', '>>', '<', '2>', '2>>'].includes(token.text)) {
        const target = this.tokens[(this.at += 1)];
        if (target?.kind !== 'word') throw new Error('syntax error: redirection without a file');
        redirects.push({ operator: token.text, target: target.word });
      } else break;
      this.at += 1;
    }
    if (words.length === 0 && redirects.length === 0)
      throw new Error(`syntax error: unexpected "${this.peekText() || 'end of file'}"`);
    return { kind: 'command', words, redirects };
  }
}
