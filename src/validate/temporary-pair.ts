import type { Settings } from '../deployment/settings.ts';
import { LfctlError } from '../errors/error.ts';
import { resolveProject } from '../keys/project.ts';
import { need, withTenancy } from '../tenancy/access.ts';
import { makeTemporaryKey, whyNoKey } from './negative/temporary-key.ts';
import type { TemporaryKey } from './negative/temporary-key.ts';
import type { ValidateOptions } from './start.ts';

/**
 * Does the work with a key pair of its own, which goes when the work ends, after Ctrl-C too. One that a killed run has
 * left is removed by the next run, or by --clean.
 * @param project id or name of the project to write to
 * @throws LfctlError PROJECT_*, POSTGRES_*; NOT_CONFIGURED where a key could not be taken back for sure
 */
export async function withTemporaryPair<Value>(
  options: ValidateOptions,
  project: string,
  work: (options: ValidateOptions) => Promise<Value>,
): Promise<Value> {
  const { settings, openers, env, now, signal } = options;
  return await withTenancy({ settings, openers, env, now, signal }, async (tenancy) => {
    const postgres = need(tenancy.postgres, 'a temporary key is made in Postgres');
    const { id } = await resolveProject(postgres, project);
    const { generation } = tenancy;
    const why =
      generation === null ? 'the version of web is not known' : whyNoKey({ ...tenancy, generation });
    if (generation === null || why !== null)
      throw new LfctlError('NOT_CONFIGURED', { message: `no temporary key can be made: ${why ?? ''}` });
    options.onProgress('making a temporary key');
    const key = await makeTemporaryKey(postgres, { ...tenancy, generation }, id);
    try {
      return await work({ ...options, settings: withPair(settings, key) });
    } finally {
      await key.revoke();
    }
  });
}

function withPair(settings: Settings, { publicKey, secretKey }: TemporaryKey): Settings {
  const where = { source: 'flag', origin: '--temporary-key' } as const;
  return {
    ...settings,
    publicKey: { value: publicKey, ...where },
    secretKey: { value: secretKey, ...where },
  };
}
