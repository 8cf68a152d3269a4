import { globPattern } from './commands/glob.ts';
import type { Session } from './session.ts';

/** Publish and subscribe. */
export class Channels {
  readonly #channels = new Map<string, Set<Session>>();
  readonly #patterns = new Map<string, { readonly matcher: RegExp; readonly sessions: Set<Session> }>();

  subscribe(session: Session, channel: string): void {
    const sessions = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, sessions.add(session));
    session.channels.add(channel);
  }

  unsubscribe(session: Session, channel: string): void {
    const sessions = this.#channels.get(channel);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#channels.delete(channel);
    session.channels.delete(channel);
  }

  subscribePattern(session: Session, pattern: string): void {
    const entry = this.#patterns.get(pattern) ?? { matcher: globPattern(pattern), sessions: new Set() };
    entry.sessions.add(session);
    this.#patterns.set(pattern, entry);
    session.patterns.add(pattern);
  }

  unsubscribePattern(session: Session, pattern: string): void {
    const entry = this.#patterns.get(pattern);
    entry?.sessions.delete(session);
    if (entry?.sessions.size === 0) this.#patterns.delete(pattern);
    session.patterns.delete(pattern);
  }

  /** Sends a message; says how many got it. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const session of this.#channels.get(channel) ?? []) {
      session.send({ kind: 'push', items: ['message', channel, message] });
      receivers += 1;
    }
    for (const [pattern, { matcher, sessions }] of this.#patterns) {
      if (!matcher.test(channel)) continue;
      for (const session of sessions)
        session.send({ kind: 'push', items: ['pmessage', pattern, channel, message] });
      receivers += sessions.size;
    }
    return receivers;
  }

  /** Channels that somebody listens to. */
  active(glob: string): string[] {
    const matcher = globPattern(glob);
    return [...this.#channels.keys()].filter((channel) => matcher.test(channel));
  }

  count(channel: string): number {
    return this.#channels.get(channel)?.size ?? 0;
  }

  get patternCount(): number {
    return this.#patterns.size;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /** Forgets a connection that is gone. */
  leave(session: Session): void {
    for (const channel of session.channels) this.unsubscribe(session, channel);
    for (const pattern of session.patterns) this.unsubscribePattern(session, pattern);
  }
}
