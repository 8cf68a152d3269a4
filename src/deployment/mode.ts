import type { Generation, Mode, ResolvedEnv, WriteMode } from './model.ts';
import { envText, envUnknown } from './resolve-env.ts';

/** The variable of Langfuse 4 (late 3 knows it too and stays with its default, legacy). */
const writeModeName = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';

/**
 * What Langfuse 4 writes under these variables: events_only where nothing is set; null when the value may be in a
 * Secret that cannot be read, or is none that Langfuse takes.
 * https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4
 */
export function writeModeOf(env: ResolvedEnv): { readonly mode: WriteMode | null; readonly because: string } {
  const text = envText(env, writeModeName);
  if (text === 'legacy' || text === 'dual' || text === 'events_only')
    return { mode: text, because: `${writeModeName}=${text}` };
  if (text !== null) return { mode: null, because: `${writeModeName} is none of legacy, dual, events_only` };
  const hidden = envUnknown(env, writeModeName);
  if (hidden !== null) return { mode: null, because: `${writeModeName} may be in ${hidden}` };
  return {
    mode: 'events_only',
    because: `${writeModeName} is not set, and that is the default of Langfuse 4`,
  };
}

/** Which tables take writes, for a generation that the image or the running server told. */
export function modeOf(generation: Generation | null, writeMode: WriteMode | null): Mode | null {
  switch (generation) {
    case 2:
      return 'postgres';
    case 3:
      return 'clickhouse';
    case 4:
      return writeMode;
    case null:
      return null;
  }
}
