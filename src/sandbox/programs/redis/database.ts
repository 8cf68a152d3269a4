import { RedisError } from './reply.ts';
import { emptyValue, estimateBytes, hasType, isEmpty } from './values.ts';
import type { Value, ValueOf, ValueType } from './values.ts';

interface Entry {
  value: Value;
  expiresAtMs: number | null;
  sizeBytes: number;
}

/** What must know when a key changes. */
export interface KeyWatcher {
  readonly changed: (database: number, key: string) => void;
  readonly expired: (database: number, key: string) => void;
}

const keyOverheadBytes = 72;

/** One numbered database: keys, their expiry and about how much memory they take. */
export class Database {
  readonly index: number;
  /** While the append log is read back nothing expires: the log itself holds the deletions. */
  loading = false;
  readonly #entries = new Map<string, Entry>();
  readonly #expiring = new Set<string>();
  readonly #unmeasured = new Set<string>();
  readonly #clock: () => number;
  readonly #watcher: KeyWatcher;
  #sizeBytes = 0;

  constructor(index: number, clock: () => number, watcher: KeyWatcher) {
    this.index = index;
    this.#clock = clock;
    this.#watcher = watcher;
  }

  get size(): number {
    return this.#entries.size;
  }

  get expiringCount(): number {
    return this.#expiring.size;
  }

  nowMs(): number {
    return this.#clock();
  }

  /** The value, or null when there is none or it has expired. */
  peek(key: string): Value | null {
    return this.#entry(key)?.value ?? null;
  }

  /** The value of a type. @throws RedisError WRONGTYPE */
  read<Type extends ValueType>(key: string, type: Type): ValueOf<Type> | null {
    const value = this.peek(key);
    if (value === null) return null;
    if (!hasType(value, type))
      throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
    return value;
  }

  /** The value of a type, made when there is none. Call `changed` afterwards. */
  open<Type extends ValueType>(key: string, type: Type): ValueOf<Type> {
    const found = this.read(key, type);
    if (found !== null) return found;
    const value = emptyValue(type);
    this.#entries.set(key, { value, expiresAtMs: null, sizeBytes: 0 });
    return value;
  }

  set(key: string, value: Value, expiresAtMs: number | null = null): void {
    const old = this.#entries.get(key);
    this.#entries.set(key, { value, expiresAtMs, sizeBytes: old?.sizeBytes ?? 0 });
    this.#noteExpiry(key, expiresAtMs);
    this.changed(key);
  }

  remove(key: string): boolean {
    if (this.#entry(key) === undefined) return false;
    this.#drop(key);
    this.#watcher.changed(this.index, key);
    return true;
  }

  /** To be called after a value was changed in place: empty collections vanish. */
  changed(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && isEmpty(entry.value)) this.#drop(key);
    else if (entry !== undefined) this.#unmeasured.add(key);
    this.#watcher.changed(this.index, key);
  }

  expiresAtMs(key: string): number | null {
    return this.#entry(key)?.expiresAtMs ?? null;
  }

  setExpiry(key: string, expiresAtMs: number | null): boolean {
    const entry = this.#entry(key);
    if (entry === undefined) return false;
    entry.expiresAtMs = expiresAtMs;
    this.#noteExpiry(key, expiresAtMs);
    this.#watcher.changed(this.index, key);
    return true;
  }

  /** Keys that have not expired. */
  keys(): string[] {
    this.expire();
    return [...this.#entries.keys()];
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.#watcher.changed(this.index, key);
    this.#entries.clear();
    this.#expiring.clear();
    this.#unmeasured.clear();
    this.#sizeBytes = 0;
  }

  /** Removes what has expired. */
  expire(): void {
    for (const key of this.#expiring) this.#entry(key);
  }

  /** About how many bytes the keys take; measures again only what has changed. */
  sizeBytes(): number {
    for (const key of this.#unmeasured) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      const now = estimateBytes(entry.value) + key.length + keyOverheadBytes;
      this.#sizeBytes += now - entry.sizeBytes;
      entry.sizeBytes = now;
    }
    this.#unmeasured.clear();
    return this.#sizeBytes;
  }

  /** A key that eviction may take: the oldest, or the oldest that has an expiry. */
  evictable(volatileOnly: boolean): string | null {
    const [oldest] = volatileOnly ? this.#expiring : this.#entries.keys();
    return oldest ?? null;
  }

  #entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAtMs == null || this.loading || entry.expiresAtMs > this.#clock()) return entry;
    this.#drop(key);
    this.#watcher.expired(this.index, key);
    return undefined;
  }

  #drop(key: string): void {
    this.#sizeBytes -= this.#entries.get(key)?.sizeBytes ?? 0;
    this.#entries.delete(key);
    this.#expiring.delete(key);
    this.#unmeasured.delete(key);
  }

  #noteExpiry(key: string, expiresAtMs: number | null): void {
    if (expiresAtMs === null) this.#expiring.delete(key);
    else this.#expiring.add(key);
  }
}
