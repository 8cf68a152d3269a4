/** The way of a trace, in order. */
export const hopNames = ['http', 'object', 'queue', 'store', 'read'] as const;
export type HopName = (typeof hopNames)[number];

/** What one look at a hop found. */
export type Look =
  | { readonly state: 'seen'; readonly detail: string }
  /** Not there yet; looked at again. */
  | { readonly state: 'waiting'; readonly detail: string }
  | { readonly state: 'failed'; readonly detail: string }
  /** Could not be looked at, though it was asked for. */
  | { readonly state: 'unknown'; readonly detail: string }
  /** Not configured; `none`: this generation has no such hop, so nobody can require it. */
  | { readonly state: 'skipped'; readonly detail: string; readonly none?: true };

/** What is known of a canary's way so far; hops judge by each other's looks. */
export interface Trail {
  /** Milliseconds since the answer that accepted the canary. */
  readonly sinceMs: number;
  readonly looks: ReadonlyMap<HopName, Look>;
}

/** One hop after the HTTP answer. A look that fails of its store is `unknown` with the reason: see follow. */
export interface Hop {
  readonly name: HopName;
  readonly look: (trail: Trail) => Promise<Look>;
  /** Judges by the looks of the others, so it looks after them. */
  readonly last?: true;
}

/** A hop's last word, and when it was. */
export interface HopResult {
  readonly hop: HopName;
  readonly look: Look;
  /** From the start of the request to the first sight, or to the end of looking. */
  readonly ms: number;
}

/** Nothing more will change it. */
export function isSettled(look: Look | undefined): boolean {
  return look !== undefined && look.state !== 'waiting';
}
