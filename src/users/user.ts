import type { Role } from './role.ts';

/** A role of its own in one project; it counts instead of the organization's. */
export interface ProjectRole {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** A membership. */
export interface OrganizationRole {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly ProjectRole[];
}

/** One user as `user list` gives it. Never holds the password's hash. */
export interface User {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  /** Rights of an owner in every organization and project. */
  readonly admin: boolean;
  readonly password: boolean;
  /** Identity providers that are linked, `google`, `custom`. */
  readonly providers: readonly string[];
  readonly organizations: readonly OrganizationRole[];
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339; null when nothing tells. Langfuse keeps no times of sign-in. */
  readonly lastSeenAt: string | null;
  /** What tells it, or why nothing does. */
  readonly lastSeenSource: string;
  /** What an operator should know: cannot sign in, is made again at every start. */
  readonly notes: readonly string[];
}
