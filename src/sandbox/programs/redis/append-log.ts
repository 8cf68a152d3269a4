import { closeSync, createReadStream, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { encodeCommand, formatNumber, RedisError } from './reply.ts';
import { RequestParser } from './request-parser.ts';

const fileName = 'stand-in.aof';
const membersPerCommand = 64;

/** What was changed, as commands on disk, so that a kill loses no more than the last moment. */
export class AppendLog {
  /** Why the last write failed, or null. */
  failure: string | null = null;
  readonly #descriptor: number;
  #database = -1;
  #pending: string[] = [];
  #scheduled: NodeJS.Immediate | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  append(database: number, words: readonly string[]): void {
    if (database !== this.#database) {
      this.#pending.push(encodeCommand(['SELECT', String(database)]));
      this.#database = database;
    }
    this.#pending.push(encodeCommand(words));
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Writes what is pending; after a failure it tries again each second. */
  flush(): void {
    this.#scheduled = null;
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''), 'latin1');
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
      this.#pending = [];
      this.failure = null;
    } catch (cause) {
      this.#pending = [bytes.subarray(written).toString('latin1')];
      this.failure = reason(cause);
      this.#retry = setTimeout(() => this.flush(), 1000).unref();
    }
  }

  close(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.flush();
    if (this.#retry !== null) clearTimeout(this.#retry);
    closeSync(this.#descriptor);
  }
}

/** Commands of earlier runs with their database; a last one that a kill cut short is left out. */
export async function* readLog(
  folder: string,
): AsyncIterable<{ readonly database: number; readonly words: readonly string[] }> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return;
  const parser = new RequestParser();
  let database = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      for (const words of parser.take(chunk as Buffer, () => true)) {
        if (words[0] === 'SELECT') database = Number(words[1]);
        else yield { database, words };
      }
  } catch (cause) {
    if (!(cause instanceof RedisError)) throw cause;
  }
}

/** Starts a new log that begins with what the databases hold, in place of the old one. */
export function startLog(folder: string, databases: readonly Database[]): AppendLog {
  const path = join(folder, fileName);
  const descriptor = openSync(`${path}.new`, 'w', 0o600);
  const log = new AppendLog(descriptor);
  for (const database of databases)
    for (const key of database.keys()) {
      for (const words of commandsFor(database, key)) log.append(database.index, words);
      log.flush();
    }
  renameSync(`${path}.new`, path);
  return log;
}

/** Commands that make a key again. */
function commandsFor(database: Database, key: string): string[][] {
  const expiresAtMs = database.expiresAtMs(key);
  const expiry = expiresAtMs === null ? [] : [['PEXPIREAT', key, String(expiresAtMs)]];
  return [...contentCommands(database, key), ...expiry];
}

function contentCommands(database: Database, key: string): string[][] {
  const value = database.peek(key);
  switch (value?.type) {
    case undefined:
      return [];
    case 'string':
      return [['SET', key, value.text]];
    case 'list':
      return inGroups(
        ['RPUSH', key],
        value.items.map((item) => [item]),
      );
    case 'hash':
      return inGroups(['HSET', key], [...value.fields]);
    case 'set':
      return inGroups(
        ['SADD', key],
        [...value.members].map((member) => [member]),
      );
    case 'zset': {
      const { members } = value;
      const scored = members
        .slice(0, members.size)
        .map((member) => [formatNumber(members.score(member) ?? 0), member]);
      return inGroups(['ZADD', key], scored);
    }
    case 'stream':
      return value.stream.entries.map(({ id, fields }) => ['XADD', key, id.join('-'), ...fields]);
  }
}

function inGroups(head: readonly string[], members: readonly (readonly string[])[]): string[][] {
  const groups: string[][] = [];
  for (let start = 0; start < members.length; start += membersPerCommand)
    groups.push([...head, ...members.slice(start, start + membersPerCommand).flat()]);
  return groups;
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC') return 'No space left on device';
  return code === 'EFBIG' ? 'File too large' : 'Input/output error';
}
