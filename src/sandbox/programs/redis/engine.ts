import type { AppendLog } from './append-log.ts';
import { Channels } from './channels.ts';
import { at, writes } from './commands/command.ts';
import type { Call, CommandDefinition } from './commands/command.ts';
import { commands } from './commands/table.ts';
import { Database } from './database.ts';
import { freeMemory, isOverLimit } from './memory.ts';
import { errorReply, RedisError, status } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { numberSetting } from './settings.ts';
import { Waiting } from './waiting.ts';

/** Runs a Lua script with its keys and arguments. */
export type RunScript = (
  source: string,
  keys: readonly string[],
  args: readonly string[],
  call: Call,
) => Reply;

/** What the engine is made of. */
export interface EngineOptions {
  readonly settings: Settings;
  readonly clock: () => number;
  readonly log: AppendLog | null;
  readonly runScript: RunScript;
  readonly port: number;
  /** SHUTDOWN was called. */
  readonly shutdown: () => void;
}

/** What INFO counts. */
export interface Counters {
  connections: number;
  commands: number;
  expired: number;
  evicted: number;
  errors: number;
  rejected: number;
}

/** A Redis server without its sockets. */
export class Engine {
  readonly options: EngineOptions;
  readonly settings: Settings;
  readonly databases: readonly Database[];
  readonly sessions = new Map<number, Session>();
  readonly scripts = new Map<string, string>();
  readonly channels = new Channels();
  readonly waiting = new Waiting();
  readonly counters: Counters = {
    connections: 0,
    commands: 0,
    expired: 0,
    evicted: 0,
    errors: 0,
    rejected: 0,
  };
  readonly startedMs: number;
  /** How often a watched key has changed. */
  readonly keyVersions = new Map<string, number>();

  constructor(options: EngineOptions) {
    this.options = options;
    this.settings = options.settings;
    this.startedMs = options.clock();
    const watcher = {
      changed: (database: number, key: string): void => this.#changed(database, key),
      expired: (database: number, key: string): void => this.#expired(database, key),
    };
    this.databases = Array.from(
      { length: numberSetting(this.settings, 'databases') },
      (_, index) => new Database(index, options.clock, watcher),
    );
  }

  /** Answers one command; never throws. */
  execute(session: Session, words: readonly string[]): Reply | Promise<Reply> {
    const name = at(words, 0).toLowerCase();
    session.lastCommand = name;
    session.lastCommandMs = this.options.clock();
    try {
      const command = this.#allowed(session, name, words);
      if (session.transaction !== null && !isTransactional(name)) {
        session.transaction.commands.push(words);
        return status('QUEUED');
      }
      const reply = this.perform(session, command, words);
      this.waiting.serve();
      return reply;
    } catch (cause) {
      if (session.transaction !== null && !isTransactional(name)) session.transaction.failed = true;
      return this.#refusal(cause);
    }
  }

  /** Runs a command that was let through: from a client, a transaction or a script. @throws RedisError */
  perform(session: Session, command: CommandDefinition, words: readonly string[]): Reply | Promise<Reply> {
    if (command.effect === 'grow' || command.effect === 'write') this.#checkWritable(command);
    const database = this.database(session.database);
    let log: readonly (readonly string[])[] = [words];
    const logAs = (instead: readonly (readonly string[])[]): void => {
      log = instead;
    };
    this.counters.commands += 1;
    const reply = command.run(words.slice(1), { engine: this, session, database, logAs });
    if (command.effect === 'grow' || command.effect === 'write') this.log(database.index, log);
    return reply;
  }

  /** Runs a command of a script or a transaction; errors become replies. */
  performInside(session: Session, words: readonly string[], fromScript: boolean): Reply {
    try {
      const name = at(words, 0).toLowerCase();
      const command = lookUp(name, words);
      if (fromScript && command.noScript === true)
        throw new RedisError('ERR This Redis command is not allowed from script');
      const reply = this.perform(session, command, words);
      return reply instanceof Promise ? { kind: 'no-list' } : reply;
    } catch (cause) {
      return this.#refusal(cause);
    }
  }

  /** Whether there is such a command. */
  knows(name: string): boolean {
    return commands.has(name.toLowerCase());
  }

  database(index: number): Database {
    const database = this.databases[index];
    if (database === undefined) throw new RedisError('ERR DB index is out of range');
    return database;
  }

  /** Writes commands to the append log. */
  log(database: number, words: readonly (readonly string[])[]): void {
    for (const command of words) this.options.log?.append(database, command);
  }

  usedBytes(): number {
    // An empty Redis 7.0 uses about 870 KB.
    return this.databases.reduce((total, database) => total + database.sizeBytes(), 890_000);
  }

  /** Reads an append log back. */
  replay(database: number, words: readonly string[], session: Session): void {
    session.database = database;
    const command = commands.get(at(words, 0).toLowerCase()) ?? unknown;
    const logAs = (): void => undefined;
    void command.run(words.slice(1), { engine: this, session, database: this.database(database), logAs });
  }

  #allowed(session: Session, name: string, words: readonly string[]): CommandDefinition {
    const command = lookUp(name, words);
    if (!session.authenticated && command.free !== true)
      throw new RedisError('NOAUTH Authentication required.');
    const subscribed = session.channels.size + session.patterns.size > 0 && session.protocol === 2;
    if (subscribed && !/^(?:p?(?:un)?subscribe|ping|quit|reset)$/.test(name))
      throw new RedisError(
        `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    return command;
  }

  #checkWritable(command: CommandDefinition): void {
    const failure = this.options.log?.failure ?? null;
    if (failure !== null) throw new RedisError(`MISCONF Errors writing to the AOF file: ${failure}`);
    if (!isOverLimit(this)) return;
    if (freeMemory(this) || command.effect === 'write') return;
    throw new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
  }

  #refusal(cause: unknown): Reply {
    this.counters.errors += 1;
    if (cause instanceof RedisError) return errorReply(cause.message);
    return errorReply(`ERR ${cause instanceof Error ? cause.message : 'internal error'}`);
  }

  #changed(database: number, key: string): void {
    const id = `${database}:${key}`;
    const version = this.keyVersions.get(id);
    if (version !== undefined) this.keyVersions.set(id, version + 1);
    this.waiting.keyChanged(id);
  }

  #expired(database: number, key: string): void {
    this.counters.expired += 1;
    this.log(database, [['DEL', key]]);
    this.#changed(database, key);
  }
}

const unknown = writes(-1, () => null);

function isTransactional(name: string): boolean {
  return /^(?:exec|discard|multi|watch|quit|reset)$/.test(name);
}

function lookUp(name: string, words: readonly string[]): CommandDefinition {
  const command = commands.get(name);
  if (command === undefined) {
    const shown = words.slice(1, 21).map((word) => `'${word.slice(0, 128)}' `);
    throw new RedisError(
      `ERR unknown command '${at(words, 0).slice(0, 128)}', with args beginning with: ${shown.join('')}`,
    );
  }
  const fits = command.arity < 0 ? words.length >= -command.arity : words.length === command.arity;
  if (!fits) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  return command;
}
