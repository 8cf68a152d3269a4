/** Members by score, then by bytes: the order is kept, so that a change costs one binary search. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #order: string[] = [];

  get size(): number {
    return this.#order.length;
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** True when the member is new. */
  put(member: string, score: number): boolean {
    const old = this.#scores.get(member);
    if (old === score) return false;
    if (old !== undefined) this.#order.splice(this.#position(old, member), 1);
    this.#order.splice(this.#position(score, member), 0, member);
    this.#scores.set(member, score);
    return old === undefined;
  }

  remove(member: string): boolean {
    const old = this.#scores.get(member);
    if (old === undefined) return false;
    this.#order.splice(this.#position(old, member), 1);
    this.#scores.delete(member);
    return true;
  }

  rank(member: string): number | null {
    const score = this.#scores.get(member);
    return score === undefined ? null : this.#position(score, member);
  }

  /** Members from index start up to, without, end. */
  slice(start: number, end: number): string[] {
    return this.#order.slice(start, end);
  }

  /** Index of the first member whose score is at least `score`, or above it. */
  firstAt(score: number, above: boolean): number {
    return this.#search((member) => {
      const value = this.#scores.get(member) ?? 0;
      return above ? value > score : value >= score;
    });
  }

  /** Index of the first member that is at least this one in bytes; for sets of one score. */
  firstLex(member: string, above: boolean): number {
    return this.#search((other) => (above ? other > member : other >= member));
  }

  #position(score: number, member: string): number {
    return this.#search((other) => {
      const value = this.#scores.get(other) ?? 0;
      return value > score || (value === score && other >= member);
    });
  }

  #search(isAtOrAfter: (member: string) => boolean): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAtOrAfter(this.#order[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
