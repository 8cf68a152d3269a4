import type { Engine } from './engine.ts';
import { numberSetting } from './settings.ts';

/** Whether the keys take more than maxmemory. */
export function isOverLimit(engine: Engine): boolean {
  const limit = numberSetting(engine.settings, 'maxmemory');
  return limit > 0 && engine.usedBytes() > limit;
}

/** Evicts as maxmemory-policy says until there is room again; false when it may not or cannot. */
export function freeMemory(engine: Engine): boolean {
  const policy = engine.settings.get('maxmemory-policy') ?? 'noeviction';
  if (policy === 'noeviction') return false;
  const volatileOnly = policy.startsWith('volatile-');
  while (isOverLimit(engine)) {
    const database = engine.databases.find((candidate) => candidate.evictable(volatileOnly) !== null);
    const key = database?.evictable(volatileOnly) ?? null;
    if (database === undefined || key === null) return false;
    database.remove(key);
    engine.log(database.index, [['DEL', key]]);
    engine.counters.evicted += 1;
  }
  return true;
}
