import type { Reply } from './reply.ts';
import type { Session } from './session.ts';

interface Waiter {
  /** `database:key` of each key it waits for. */
  readonly keys: readonly string[];
  /** The reply when there is something for it now, else null. */
  readonly attempt: () => Reply;
  readonly finish: (reply: Reply) => void;
}

/** Clients that wait for keys: BLPOP, BZPOPMIN, XREAD BLOCK and the like; first come, first served. */
export class Waiting {
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #ready = new Set<string>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  keyChanged(id: string): void {
    if (this.#waiters.has(id)) this.#ready.add(id);
  }

  /** Gives waiting clients what has come; to be called after each command, outside of it. */
  serve(): void {
    for (const id of this.#ready) {
      this.#ready.delete(id);
      for (const waiter of this.#waiters.get(id) ?? []) {
        const reply = waiter.attempt();
        if (reply !== null) waiter.finish(reply);
      }
    }
  }

  /** Waits until `attempt` gives something, the time is over (0 = never) or the client is gone. */
  wait(
    session: Session,
    keys: readonly string[],
    timeoutMs: number,
    attempt: () => Reply,
    nothing: Reply,
  ): Promise<Reply> {
    return new Promise((resolve) => {
      const waiter: Waiter = { keys, attempt, finish: (reply) => finish(reply) };
      const timer = timeoutMs > 0 ? setTimeout(() => finish(nothing), timeoutMs) : null;
      const finish = (reply: Reply): void => {
        if (timer !== null) clearTimeout(timer);
        session.unblock = null;
        this.#remove(waiter);
        resolve(reply);
      };
      session.unblock = (timedOut) =>
        finish(timedOut ? nothing : { kind: 'error', text: 'UNBLOCKED client unblocked via CLIENT UNBLOCK' });
      this.#add(waiter);
    });
  }

  #add(waiter: Waiter): void {
    this.#count += 1;
    for (const key of waiter.keys) {
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters.add(waiter));
    }
  }

  #remove(waiter: Waiter): void {
    this.#count -= 1;
    for (const key of waiter.keys) {
      const waiters = this.#waiters.get(key);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.#waiters.delete(key);
    }
  }
}
