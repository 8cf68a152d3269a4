/** Does this release read this variable? From the env schemas and the code of each release tag, see releases.gen.ts. */
import { inertFor } from './inert-variables.ts';
import type { Generation, Role } from './model.ts';
import { newestRelease, readNames } from './releases.gen.ts';
import type { Span } from './releases.ts';
import { coverage, rangeText, spanOf } from './releases.ts';

/** Which release, as far as it is known: `3.199.0`, a floating `3`, or the generation alone. */
export interface ReleaseRef {
  readonly version: string | null;
  readonly generation: Generation | null;
}

export interface Reading {
  /** `unknown`: the version is not exact enough, later than all known ones, or the name is not Langfuse's. */
  readonly read: boolean | 'unknown';
  /** Names that are read instead. */
  readonly use: readonly string[];
  /** Why it is not read, or when it is; null where there is nothing to say. */
  readonly why: string | null;
}

interface Ranges {
  readonly web: string;
  readonly worker: string;
}

const rangesByName: ReadonlyMap<string, Ranges> = new Map(
  readNames.flatMap(({ names, ...ranges }) => names.split(' ').map((name) => [name, ranges] as const)),
);

/** Read by Node or by what Next.js makes of web (next build, output standalone), and by no file of Langfuse. */
const runtime: Readonly<Record<Role, RegExp>> = {
  web: /^(KEEP_ALIVE_TIMEOUT|HOSTNAME|PORT|NODE_(ENV|OPTIONS|EXTRA_CA_CERTS)|TZ|NEXTAUTH_URL_INTERNAL|AWS_\w+)$/,
  worker: /^(HOSTNAME|PORT|NODE_(ENV|OPTIONS|EXTRA_CA_CERTS)|TZ|AWS_\w+)$/,
};

/** Names that only Langfuse would read: one that no release has is a mistake, not somebody else's. */
const own = /^(LANGFUSE|QUEUE_CONSUMER|AUTH|NEXTAUTH)_/;

/** Whether the named component of this release reads the variable. */
export function readingOf(name: string, role: Role, release: ReleaseRef): Reading {
  const span = spanOf(release.version, release.generation);
  const reading = knownReading(name, role, release.generation, span);
  if (!span.newer || reading.read !== false) return reading;
  return { ...reading, read: 'unknown', why: `${newestRelease} does not read it; this version is later` };
}

function knownReading(name: string, role: Role, generation: Generation | null, span: Span): Reading {
  const inert = inertFor(name, generation);
  if (inert !== undefined) return { read: false, use: inert.use, why: inert.why };
  if (runtime[role].test(name)) return { read: true, use: [], why: null };
  const ranges = rangesByName.get(name);
  if (ranges !== undefined) return byRanges(ranges, role, span);
  if (name === 'KEEP_ALIVE_TIMEOUT') return { read: false, use: [], why: 'only web reads it' };
  if (own.test(name)) return { read: false, use: [], why: 'no release reads it' };
  return { read: 'unknown', use: [], why: null };
}

function byRanges(ranges: Ranges, role: Role, span: Span): Reading {
  const nothing = { use: [], why: null };
  switch (coverage(ranges[role], span)) {
    case 'all':
      return { read: true, ...nothing };
    case 'some':
      return { read: 'unknown', use: [], why: `read ${rangeText(ranges[role])}` };
    case 'none':
      return { read: false, use: [], why: whyNone(ranges, role, span) };
  }
}

function whyNone(ranges: Ranges, role: Role, span: Span): string {
  const other: Role = role === 'web' ? 'worker' : 'web';
  if (coverage(ranges[other], span) !== 'none')
    return `only ${other === 'web' ? 'web' : 'the worker'} reads it`;
  return `read ${rangeText(ranges[role] === '' ? ranges[other] : ranges[role])}`;
}
