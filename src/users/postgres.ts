import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';

/**
 * The database, which alone knows users: the public API has no users, and what the Enterprise one shows of members
 * neither resets a password nor knows who is an admin.
 * @throws LfctlError NOT_CONFIGURED, and why it could not be opened
 */
export function usersPostgres({ postgres }: Tenancy): PostgresPort {
  if (postgres.state === 'skipped')
    throw new LfctlError('NOT_CONFIGURED', {
      message: `users are kept in Postgres alone, and it cannot be reached: ${postgres.why}`,
      fixes: [{ text: 'give its URL in LFCTL_DATABASE_URL, or a cluster to find it in' }],
    });
  return need(postgres, 'users');
}
