import type { PostgresPort } from '../ports/postgres.ts';
import { readOrganizations } from '../tenancy/organizations.ts';
import { listUsers } from './list.ts';
import type { Role } from './role.ts';
import type { User } from './user.ts';
import type { WebSettings } from './web-settings.ts';

/** One right to administrate. */
export interface Administrator {
  /** `instance`: the flag users.admin, which Langfuse's pages neither show nor set. */
  readonly scope: 'instance' | 'organization';
  readonly organization: { readonly id: string; readonly name: string } | null;
  readonly role: Extract<Role, 'OWNER' | 'ADMIN'> | null;
  readonly user: Pick<User, 'id' | 'email' | 'name' | 'lastSeenAt' | 'notes'>;
}

/** `data` of kind UserAdmins. */
export interface UserAdmins {
  readonly administrators: readonly Administrator[];
  /** Organizations that nobody owns: only SQL can give them an owner. */
  readonly ownerless: readonly { readonly id: string; readonly name: string }[];
  readonly unknown: readonly string[];
}

/** Reads them. @throws LfctlError POSTGRES_* */
export async function listAdmins(postgres: PostgresPort, settings: WebSettings): Promise<UserAdmins> {
  const { users, unknown } = await listUsers(postgres, settings);
  const organizations = await readOrganizations(postgres);
  return adminsOf(
    users,
    organizations.map(({ id, name }) => ({ id, name })),
    unknown,
  );
}

/** Who may administrate what: the instance first, then each organization. */
export function adminsOf(
  users: readonly User[],
  organizations: readonly { readonly id: string; readonly name: string }[],
  unknown: readonly string[],
): UserAdmins {
  const instance = users
    .filter(({ admin }) => admin)
    .map((user): Administrator => ({ scope: 'instance', organization: null, role: null, user: short(user) }));
  const own = organizations.flatMap((organization) => administratorsOf(organization, users));
  const owned = new Set(own.filter(({ role }) => role === 'OWNER').map((one) => one.organization?.id));
  return {
    administrators: [...instance, ...own],
    ownerless: organizations.filter(({ id }) => !owned.has(id)),
    unknown,
  };
}

function administratorsOf(
  organization: { readonly id: string; readonly name: string },
  users: readonly User[],
): Administrator[] {
  const withRole = (role: 'OWNER' | 'ADMIN'): Administrator[] =>
    users
      .filter((user) => user.organizations.some((one) => one.id === organization.id && one.role === role))
      .map((user) => ({ scope: 'organization', organization, role, user: short(user) }));
  return [...withRole('OWNER'), ...withRole('ADMIN')];
}

const short = ({ id, email, name, lastSeenAt, notes }: User): Administrator['user'] => ({
  id,
  email,
  name,
  lastSeenAt,
  notes,
});
