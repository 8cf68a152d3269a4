import type { HttpAnswer } from '../../ports/langfuse.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Case } from './case.ts';
import { askWith, judged } from './case.ts';

/** Its secret's own project is what must answer: the public key beside it is not compared, and decides nothing. */
export const otherProjectCase: Case = {
  name: "public key of another project, this project's secret key",
  expected: "200 of the secret key's own project, or 401",
  run: async ({ open, pair: { secretKey }, postgres, projectId }) => {
    const other = postgres.state === 'open' ? await otherKey(postgres.port, projectId) : postgres.detail;
    if (typeof other === 'string') return { status: 'skipped', observed: other };
    const answer = await askWith(open, { publicKey: other.publicKey, secretKey });
    const isOwn = answer.status === 200 && answer.body.includes(`"${projectId}"`);
    return judged(answer, isOwn || answer.status === 401, observedOf(answer, isOwn));
  },
};

function observedOf({ status }: HttpAnswer, isOwn: boolean): string {
  if (status !== 200) return String(status);
  return isOwn ? "200, of the secret key's own project" : '200, of another project';
}

/** The public key of any other project, or why there is none. */
async function otherKey(
  postgres: PostgresPort,
  projectId: string,
): Promise<{ readonly publicKey: string } | string> {
  try {
    const [row] = await postgres.query<{ key: string }>(
      'SELECT public_key AS key FROM api_keys WHERE project_id IS NOT NULL AND project_id <> $1 LIMIT 1',
      [projectId],
    );
    return row === undefined ? 'no other project has a key' : { publicKey: row.key };
  } catch (error) {
    if (error instanceof LfctlError) return `keys cannot be read: ${error.message}`;
    throw error;
  }
}
