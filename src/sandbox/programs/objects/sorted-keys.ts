/** Keys in the order of their UTF-8 bytes, as S3 lists them. New keys are merged in when the order is asked for. */
export class SortedKeys {
  #sorted: string[] = [];
  #added = new Set<string>();
  #removed = new Set<string>();

  add(key: string): void {
    if (!this.#removed.delete(key)) this.#added.add(key);
  }

  remove(key: string): void {
    if (!this.#added.delete(key)) this.#removed.add(key);
  }

  /** All keys in order; not to be kept over changes. */
  all(): readonly string[] {
    if (this.#removed.size > 0) {
      this.#sorted = this.#sorted.filter((key) => !this.#removed.has(key));
      this.#removed.clear();
    }
    if (this.#added.size > 0) {
      this.#sorted = merge(this.#sorted, [...this.#added].sort(compareUtf8));
      this.#added.clear();
    }
    return this.#sorted;
  }

  /** Index of the first key that is not before the given one. */
  indexOf(key: string): number {
    const keys = this.all();
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareUtf8(keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Orders as the UTF-8 bytes do: surrogates come after U+E000…U+FFFF, unlike in UTF-16. */
function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [first, second] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (first !== second) return rank(first) - rank(second);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let index = 0;
  for (const key of right) {
    for (let next = left[index]; next !== undefined && compareUtf8(next, key) < 0; next = left[index]) {
      merged.push(next);
      index += 1;
    }
    merged.push(key);
  }
  for (; index < left.length; index += 1) merged.push(left[index] ?? '');
  return merged;
}
