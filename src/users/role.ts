import { LfctlError } from '../errors/error.ts';
import { didYouMean } from '../errors/suggest.ts';

/** Roles in an organization and in a project, most rights first (enum Role of packages/shared/prisma/schema.prisma). */
const roles = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'NONE'] as const;
export type Role = (typeof roles)[number];

export const isRole = (text: unknown): text is Role => roles.some((role) => role === text);

/** In any case of letters. @throws LfctlError USAGE */
export function parseRole(text: string): Role {
  const wanted = text.toUpperCase();
  if (isRole(wanted)) return wanted;
  const hint = didYouMean(wanted, roles) ?? `the roles are ${roles.join(', ')}`;
  throw new LfctlError('USAGE', { message: `'${text}' is no role; ${hint}` });
}
