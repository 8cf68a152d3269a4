import { inspect } from 'node:util';

const hidden = '[redacted]';

/**
 * A value that must not be printed. Its text, JSON and inspect forms are `[redacted]`;
 * only `reveal()` gives it out, so that a search for that word finds every use.
 */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
