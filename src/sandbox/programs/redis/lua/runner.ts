import type { Call } from '../commands/command.ts';
import { scriptId } from '../commands/scripts.ts';
import type { RunScript } from '../engine.ts';
import { formatNumber, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { decodeJson, encodeJson } from './json.ts';
import { LuaMachine } from './machine.ts';
import { packMessage } from './message-pack.ts';
import { unpackMessage } from './message-unpack.ts';
import { loadLuaModule } from './module.ts';
import { prelude } from './prelude.ts';
import { listTable } from './values.ts';
import type { LuaValue } from './values.ts';

/** Loads Lua and gives the way to run scripts in it; one runs at a time, as in Redis. */
export async function createScriptRunner(): Promise<RunScript> {
  const module = await loadLuaModule();
  let current: Call | null = null;
  const machine = new LuaMachine(module, ([name, ...args]) => answer(textOf(name), args, current));
  const start = machine.compile(prelude, '@prelude');
  if (typeof start === 'string' || !machine.run(start).ok) throw new Error(`Lua did not start: ${start}`);
  const compiled = new Map<string, number>();

  return (source, keys, args, call) => {
    const id = scriptId(source);
    const script = compiled.get(id) ?? machine.compile(source, '@user_script');
    if (typeof script === 'string')
      throw new RedisError(`ERR Error compiling script (new function): ${script.replace(/^@/, '')}`);
    compiled.set(id, script);
    machine.setGlobal('KEYS', listTable(keys));
    machine.setGlobal('ARGV', listTable(args));
    current = call;
    try {
      const { ok, value } = machine.run(script);
      if (ok) return toReply(value);
      throw new RedisError(failureText(value, id));
    } finally {
      current = null;
    }
  };
}

/** What scripts ask of us. */
function answer(name: string, args: readonly LuaValue[], call: Call | null): LuaValue {
  const [first = null] = args;
  switch (name) {
    case 'call':
      return callRedis(args, call);
    case 'sha1':
      return scriptId(textOf(first));
    default:
      return library(name, first);
  }
}

/** Results are wrapped, as they may be tables or nil; errors are raised on the Lua side. */
function library(name: string, value: LuaValue): LuaValue {
  try {
    return new Map([['value', libraryValue(name, value)]]);
  } catch (cause) {
    return new Map([['failed', cause instanceof Error ? cause.message : 'failed']]);
  }
}

function libraryValue(name: string, value: LuaValue): LuaValue {
  switch (name) {
    case 'encode':
      return encodeJson(value);
    case 'decode':
      return decodeJson(textOf(value));
    case 'pack':
      return packMessage(value);
    case 'unpack':
      return unpackMessage(textOf(value));
    default:
      throw new RedisError(`ERR no function ${name}`);
  }
}

function callRedis(args: readonly LuaValue[], call: Call | null): LuaValue {
  const words = args.map((value) => (typeof value === 'number' ? formatNumber(value) : value));
  if (call === null || words.length === 0)
    return failure('ERR Please specify at least one argument for this redis lib call');
  if (!words.every((word) => typeof word === 'string'))
    return failure('ERR Lua redis lib command arguments must be strings or integers');
  if (!call.engine.knows(words[0] ?? '')) return failure('ERR Unknown Redis command called from script');
  return fromReply(call.engine.performInside(call.session, words, true));
}

function failure(text: string): LuaValue {
  return new Map([['err', text]]);
}

/** https://redis.io/docs/latest/develop/interact/programmability/lua-api/#data-type-conversion */
function fromReply(reply: Reply): LuaValue {
  if (reply === null) return false;
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (!('kind' in reply)) return listTable(reply.map(fromReply));
  switch (reply.kind) {
    case 'status':
      return new Map([['ok', reply.text]]);
    case 'error':
      return failure(reply.text);
    case 'no-list':
    case 'silent':
      return false;
    case 'map':
      return listTable(reply.entries.flat().map(fromReply));
    case 'set':
      return listTable(reply.members);
    case 'score':
      return formatNumber(reply.value);
    case 'push':
      return listTable(reply.items.map(fromReply));
  }
}

function toReply(value: LuaValue): Reply {
  if (value === null || value === false) return null;
  if (value === true) return 1;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string') return value;
  const [error, status] = [value.get('err'), value.get('ok')];
  if (typeof error === 'string') return { kind: 'error', text: withCode(error) };
  if (typeof status === 'string') return { kind: 'status', text: status };
  const items: Reply[] = [];
  for (let index = 1; ; index += 1) {
    const item = value.get(index);
    if (item === undefined) return items;
    items.push(toReply(item));
  }
}

function failureText(value: LuaValue, id: string): string {
  if (typeof value === 'object' && value !== null) {
    const [text, line] = [value.get('err'), value.get('line')];
    if (typeof text === 'string') return `${text} script: ${id}, on @user_script:${textOf(line) || '1'}.`;
  }
  return `ERR ${textOf(value).replace(/^@/, '')} script: ${id}, on @user_script:1.`;
}

/** redis.error_reply without a code of its own gets the general one. */
function withCode(text: string): string {
  return /^[A-Z]+ /.test(text) ? text : `ERR ${text}`;
}

/** Text of a string or number; anything else has none here. */
function textOf(value: LuaValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
