import { LfctlError } from '../../errors/error.ts';
import { probeIds } from './ids.ts';
import type { ProbeWishes } from './probe.ts';

/** The flags as they were given. */
export interface ProbeFlags {
  readonly skip: readonly string[];
  readonly require: readonly string[];
  readonly idle: number | undefined;
  readonly litellm: boolean;
  readonly publicUrl: string | undefined;
  /** False with --clean, --during and --for, which look at no probe. */
  readonly plain: boolean;
}

/** @throws LfctlError USAGE */
export function probeWishes(flags: ProbeFlags): ProbeWishes {
  const { skip, require, idle, litellm, publicUrl, plain } = flags;
  const both = skip.find((name) => require.includes(name));
  if (both !== undefined) throw wrong(`${both} is both in --skip and in --require`);
  if (publicUrl !== undefined && !/^https?:\/\/[^/]/.test(publicUrl))
    throw wrong('--public-url is no http(s) URL');
  const asked = [
    idle !== undefined && '--idle',
    litellm && '--litellm',
    publicUrl !== undefined && '--public-url',
    // What is required and not looked at must not come out well.
    ...probeIds.map((id) => require.includes(id) && `--require ${id}`),
  ];
  const [first] = asked.filter((flag) => flag !== false);
  if (first !== undefined && !plain) throw wrong(`${first} goes without --clean, --during and --for`);
  return { skip, idleMs: idle ?? null, litellm, publicUrl: publicUrl ?? null };
}

const wrong = (message: string): LfctlError => new LfctlError('USAGE', { message });
