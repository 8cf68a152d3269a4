import type { Database } from '../database.ts';
import type { Engine } from '../engine.ts';
import { RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Session } from '../session.ts';

/** What a command works on. */
export interface Call {
  readonly engine: Engine;
  readonly session: Session;
  readonly database: Database;
  /** What the append log gets instead of the command itself, where that depends on time or chance. */
  readonly logAs: (commands: readonly (readonly string[])[]) => void;
}

/** One command: what it takes, what it touches, and what it does. */
export interface CommandDefinition {
  /** Number of words with the name; negative = at least that many. */
  readonly arity: number;
  /** `grow` may need memory and is refused when there is none; `write` changes keys. */
  readonly effect: 'read' | 'write' | 'grow' | 'connection';
  /** May be called before AUTH, inside subscriptions, or not inside scripts. */
  readonly free?: boolean;
  readonly noScript?: boolean;
  readonly run: (args: readonly string[], call: Call) => Reply | Promise<Reply>;
}

/** Commands by name, in lower case. */
export type CommandTable = Readonly<Record<string, CommandDefinition>>;

type Run = CommandDefinition['run'];

/** A command that changes nothing. */
export function reads(arity: number, run: Run): CommandDefinition {
  return { arity, effect: 'read', run };
}

/** A command that changes keys and needs no memory. */
export function writes(arity: number, run: Run): CommandDefinition {
  return { arity, effect: 'write', run };
}

/** A command that may need memory. */
export function grows(arity: number, run: Run): CommandDefinition {
  return { arity, effect: 'grow', run };
}

/** An argument by its place; empty where the arity was wrong. */
export function at(args: readonly string[], index: number): string {
  return args[index] ?? '';
}

/** @throws RedisError unless it is a whole number */
export function integer(text: string): number {
  if (!/^-?\d{1,19}$/.test(text)) throw new RedisError('ERR value is not an integer or out of range');
  return Number(text);
}

/** @throws RedisError unless it is a number */
export function float(text: string, message = 'ERR value is not a valid float'): number {
  const lower = text.toLowerCase();
  if (/^[+]?inf(?:inity)?$/.test(lower)) return Infinity;
  if (/^-inf(?:inity)?$/.test(lower)) return -Infinity;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new RedisError(message);
  return value;
}

/** As Redis answers options it does not know. */
export function syntaxError(): RedisError {
  return new RedisError('ERR syntax error');
}

/** Pairs of neighbouring arguments. */
export function pairs(args: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: Math.floor(args.length / 2) }, (_, index) => [
    at(args, index * 2),
    at(args, index * 2 + 1),
  ]);
}

/** Start and end (exclusive) of a Redis range, where negative numbers count from the end. */
export function bounds(start: number, stop: number, length: number): readonly [number, number] {
  const first = start < 0 ? Math.max(0, length + start) : start;
  const last = stop < 0 ? length + stop : stop;
  return [Math.min(first, length), Math.max(Math.min(first, length), Math.min(length, last + 1))];
}
