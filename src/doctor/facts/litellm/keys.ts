import { fastHash } from '../../../deployment/key-hash.ts';
import { envText, envUnknown } from '../../../deployment/resolve-env.ts';
import type { LiteLlm } from '../../../deployment/model.ts';
import type { PostgresPort } from '../../../ports/postgres.ts';
import { LfctlError } from '../../../errors/error.ts';
import { defineFact } from '../../fact.ts';
import { noLiteLlm } from '../../hidden.ts';

export interface LiteLlmKeyView {
  readonly workload: string;
  readonly namespace: string;
  readonly publicKey: string | null;
  /** `unset`: LiteLLM has no pair. `unknown-key`: no such public key. `wrong-secret`: the key exists, with another secret. */
  readonly state: 'unset' | 'unknown-key' | 'wrong-secret' | 'valid' | 'unsure';
  readonly project: string | null;
}

/** Whether LiteLLM's key pair is one that this Langfuse knows. Compared by hash; no secret leaves the process. */
export const litellmKeysFact = defineFact({
  id: 'litellm/keys',
  needs: ['postgres'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly LiteLlmKeyView[]> => {
    const deployment = await context.deployment();
    if (deployment.liteLlm.length === 0) throw noLiteLlm(deployment, context.settings);
    const postgres = await context.ports.postgres();
    const web = deployment.components.find((one) => one.role === 'web');
    const salt = web === undefined ? null : envText(web.env, 'SALT');
    return await Promise.all(deployment.liteLlm.map(async (one) => await lookUp(postgres, one, salt)));
  },
});

interface KeyRow {
  readonly public: string;
  readonly fast: string | null;
  readonly display: string;
  readonly project: string | null;
}

async function lookUp(
  postgres: PostgresPort,
  neighbour: LiteLlm,
  salt: string | null,
): Promise<LiteLlmKeyView> {
  const publicKey = envText(neighbour.env, 'LANGFUSE_PUBLIC_KEY');
  const secret = envText(neighbour.env, 'LANGFUSE_SECRET_KEY');
  const view = {
    workload: `deployment/${neighbour.workload.name}`,
    namespace: neighbour.workload.namespace,
    publicKey,
  };
  const hidden = ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'].map((name) =>
    envUnknown(neighbour.env, name),
  );
  const forbidden = hidden.find((why) => why?.endsWith('forbidden') === true);
  if (forbidden != null)
    throw new LfctlError('KUBE_FORBIDDEN', { message: `the key pair of LiteLLM is not known: ${forbidden}` });
  if (publicKey === null || secret === null) return { ...view, state: 'unset', project: null };
  const hash = salt === null ? null : fastHash(secret, salt);
  const rows = await postgres.query<KeyRow>(
    `select k.public_key as public, k.fast_hashed_secret_key as fast, k.display_secret_key as display, p.name as project
       from api_keys k left join projects p on p.id = k.project_id
      where k.public_key = $1 or k.fast_hashed_secret_key = $2`,
    [publicKey, hash],
  );
  // The secret's hash alone lets a caller in: the public key beside it is not compared (apiAuth of langfuse/langfuse).
  const byHash = hash === null ? undefined : rows.find((row) => row.fast === hash);
  if (byHash !== undefined) return { ...view, state: 'valid', project: byHash.project };
  const row = rows.find((one) => one.public === publicKey);
  if (row === undefined) return { ...view, state: 'unknown-key', project: null };
  // A key that was never used has no hash, and a changed SALT makes each stale: the last four characters speak.
  const state = row.display.slice(-4) === secret.slice(-4) ? 'unsure' : 'wrong-secret';
  return { ...view, state, project: row.project };
}
