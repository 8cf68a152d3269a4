import type { Directives } from './directives.ts';
import { RedisError } from './reply.ts';

/** What CONFIG GET shows and CONFIG SET takes; values as CONFIG GET prints them. */
export type Settings = Map<string, string>;

const defaults: readonly (readonly [string, string])[] = [
  ['maxmemory', '0'],
  ['maxmemory-policy', 'noeviction'],
  ['maxmemory-samples', '5'],
  ['requirepass', ''],
  ['appendonly', 'no'],
  ['appendfsync', 'everysec'],
  ['save', '3600 1 300 100 60 10000'],
  ['maxclients', '10000'],
  ['timeout', '0'],
  ['tcp-keepalive', '300'],
  ['databases', '16'],
  ['slowlog-log-slower-than', '10000'],
  ['slowlog-max-len', '128'],
  ['notify-keyspace-events', ''],
  ['proto-max-bulk-len', '536870912'],
  ['stop-writes-on-bgsave-error', 'yes'],
  ['dir', '/data'],
  ['bind', '* -::*'],
  ['port', '6379'],
];

const policies = new Set([
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
]);
const fixed = new Set(['databases', 'port', 'bind', 'dir']);

/** The settings that a server starts with. */
export function settingsFrom(directives: Directives): Settings {
  const settings: Settings = new Map(defaults);
  for (const [name, values] of directives)
    if (settings.has(name) && !fixed.has(name)) settings.set(name, checkedSetting(name, values.join(' ')));
  const databases = directives.get('databases')?.[0];
  if (databases !== undefined) settings.set('databases', databases);
  return settings;
}

/** CONFIG SET of one value. @throws RedisError with Redis' own text */
export function changeSetting(settings: Settings, name: string, value: string): void {
  if (!settings.has(name))
    throw new RedisError(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
  if (fixed.has(name))
    throw new RedisError(
      `ERR CONFIG SET failed (possibly related to argument '${name}') - can't set immutable config`,
    );
  settings.set(name, checkedSetting(name, value));
}

/** A whole number among the settings. */
export function numberSetting(settings: Settings, name: string): number {
  return Number(settings.get(name) ?? 0);
}

function checkedSetting(name: string, value: string): string {
  if (name === 'maxmemory') return memory(value);
  const known = name !== 'maxmemory-policy' || policies.has(value);
  if (!known)
    throw new RedisError(
      `ERR CONFIG SET failed (possibly related to argument '${name}') - argument(s) must be one of the following: ${[...policies].join(', ')}`,
    );
  return value;
}

function memory(value: string): string {
  const match = /^(\d+)(b|k|kb|m|mb|g|gb)?$/i.exec(value);
  if (match === null)
    throw new RedisError(
      `ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value`,
    );
  return String(Number(match[1]) * unitBytes((match[2] ?? 'b').toLowerCase()));
}

function unitBytes(unit: string): number {
  const base = unit.length === 2 ? 1024 : 1000;
  const power = ['b', 'k', 'm', 'g'].indexOf(unit.slice(0, 1));
  return base ** power;
}
