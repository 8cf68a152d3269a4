import { defaultCacheFolder } from '../state.ts';
import type { VerbContext } from './context.ts';

/** What a command line offers, seen from the sandbox: it knows nothing of commands. */
export interface VerbServices {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly terminal: Pick<VerbContext, 'progress' | 'note'>;
  readonly stateFolder: () => Promise<string>;
}

/** The context of a verb run from the command line. */
export async function verbContext(services: VerbServices, signal: AbortSignal): Promise<VerbContext> {
  const { env, now, terminal } = services;
  return {
    stateFolder: await services.stateFolder(),
    cacheFolder: defaultCacheFolder(env),
    env,
    now,
    progress: terminal.progress,
    note: terminal.note,
    signal,
  };
}
