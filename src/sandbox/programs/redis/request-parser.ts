import { splitWords } from './directives.ts';
import { RedisError } from './reply.ts';

const largestBulkBytes = 512 * 1024 * 1024;
const mostArguments = 1024 * 1024;
const longestLineBytes = 64 * 1024;
/** What a client that has not logged in may send. */
const unknownClient = { arguments: 10, bulkBytes: 16_384 };

/** Takes commands out of a byte stream, however it is cut. Arguments hold bytes (latin1). */
export class RequestParser {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** How many bytes must be there before another look is worth it: a 64 MB bulk comes in a thousand chunks. */
  #needed = 0;
  #args: string[] = [];
  #missing = 0;
  #bulkBytes = -1;

  /** Commands that are whole now. @throws RedisError on bytes that are no command */
  *take(chunk: Buffer, isKnown: () => boolean): Iterable<readonly string[]> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= Math.max(1, this.#needed)) {
      const before = this.#bytes;
      const command = this.#step(isKnown());
      if (command !== null && command.length > 0) yield command;
      if (command === null && this.#bytes === before) return;
    }
  }

  /** One piece: null when it was no last one, or when bytes are missing. */
  #step(known: boolean): readonly string[] | null {
    if (this.#bulkBytes >= 0) return this.#bulk();
    const line = this.#line();
    if (line === null) return null;
    if (this.#missing > 0) return this.#bulkHead(line, known);
    if (!line.startsWith('*')) return inline(line);
    this.#missing = count(line, 'multibulk', known ? mostArguments : unknownClient.arguments, known);
    this.#args = [];
    return this.#missing > 0 ? null : [];
  }

  #bulkHead(line: string, known: boolean): null {
    if (!line.startsWith('$'))
      throw new RedisError(`ERR Protocol error: expected '$', got '${line.slice(0, 1)}'`);
    this.#bulkBytes = count(line, 'bulk', known ? largestBulkBytes : unknownClient.bulkBytes, known);
    this.#needed = this.#bulkBytes + 2;
    return null;
  }

  #bulk(): readonly string[] | null {
    if (this.#bytes < this.#bulkBytes + 2) return null;
    this.#args.push(this.#read(this.#bulkBytes).toString('latin1'));
    this.#read(2);
    this.#bulkBytes = -1;
    this.#needed = 0;
    this.#missing -= 1;
    return this.#missing === 0 ? this.#args : null;
  }

  #line(): string | null {
    const all = this.#join();
    const end = all.indexOf(10);
    if (end < 0) {
      if (all.length > longestLineBytes) throw new RedisError('ERR Protocol error: too big inline request');
      return null;
    }
    return this.#read(end + 1)
      .toString('latin1')
      .replace(/\r?\n$/, '');
  }

  #read(length: number): Buffer {
    const all = this.#join();
    this.#chunks = all.length > length ? [all.subarray(length)] : [];
    this.#bytes -= length;
    return all.subarray(0, length);
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    if (only !== undefined && this.#chunks.length === 1) return only;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

function inline(line: string): string[] {
  if ((line.split('"').length - 1) % 2 === 1)
    throw new RedisError('ERR Protocol error: unbalanced quotes in request');
  return splitWords(line, (name) => `$${name}`);
}

function count(line: string, what: 'multibulk' | 'bulk', most: number, known: boolean): number {
  const text = line.slice(1);
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (what === 'multibulk' && value <= 0) return 0;
  if (!known && value > most) throw new RedisError(`ERR Protocol error: unauthenticated ${what} length`);
  if (!(value >= 0 && value <= most)) throw new RedisError(`ERR Protocol error: invalid ${what} length`);
  return value;
}
