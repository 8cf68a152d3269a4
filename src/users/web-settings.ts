import type { Generation, ResolvedEnv } from '../deployment/model.ts';
import { envText, envUnknown } from '../deployment/resolve-env.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { isRole, type Role } from './role.ts';

/** What web's variables say about users. Where one is not known, `unknown` says why. */
export interface WebSettings {
  /** AUTH_DISABLE_USERNAME_PASSWORD. */
  readonly passwordsOff: boolean;
  /** AUTH_DOMAINS_WITH_SSO_ENFORCEMENT, lower-case. */
  readonly ssoDomains: readonly string[];
  /** Whether this Langfuse reads the table sso_configs at all. */
  readonly readsSsoConfigs: boolean;
  /** LANGFUSE_INIT_USER_EMAIL, lower-case, where it takes effect. */
  readonly initUser: { readonly email: string; readonly organizationId: string } | null;
  /** LANGFUSE_DEFAULT_*: what every new user becomes a member of. */
  readonly defaults: {
    readonly organizations: readonly string[];
    readonly organizationRole: Role;
    readonly projects: readonly string[];
    readonly projectRole: Role;
  };
  /** Whether roles in projects can be set in Langfuse's own pages: the rbac-project-roles entitlement. */
  readonly projectRolesEntitled: boolean;
  /** AUTH_SESSION_MAX_AGE: how long a session's cookie lives. */
  readonly sessionDays: number;
  readonly unknown: readonly string[];
}

const names = [
  'AUTH_DISABLE_USERNAME_PASSWORD',
  'AUTH_DOMAINS_WITH_SSO_ENFORCEMENT',
  'LANGFUSE_INIT_USER_EMAIL',
  'LANGFUSE_INIT_USER_PASSWORD',
  'LANGFUSE_INIT_ORG_ID',
] as const;

const list = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Without a cluster web's variables cannot be looked at, and that is said. */
export function webSettings({ deployment, generation }: Tenancy): WebSettings {
  const env = deployment?.components.find(({ role }) => role === 'web')?.env;
  const read = (name: string): string | null => (env === undefined ? null : envText(env, name));
  return {
    passwordsOff: read('AUTH_DISABLE_USERNAME_PASSWORD') === 'true',
    ssoDomains: ssoDomains(read('AUTH_DOMAINS_WITH_SSO_ENFORCEMENT'), generation),
    readsSsoConfigs: readsSsoConfigs(generation, read),
    initUser: initUser(read),
    defaults: {
      organizations: list(read('LANGFUSE_DEFAULT_ORG_ID')),
      organizationRole: roleOf(read('LANGFUSE_DEFAULT_ORG_ROLE')),
      projects: list(read('LANGFUSE_DEFAULT_PROJECT_ID')),
      projectRole: roleOf(read('LANGFUSE_DEFAULT_PROJECT_ROLE')),
    },
    projectRolesEntitled: (read('LANGFUSE_EE_LICENSE_KEY') ?? '').startsWith('langfuse_ee_'),
    sessionDays: sessionDays(read('AUTH_SESSION_MAX_AGE')),
    unknown: env === undefined ? ['variables of web (no cluster to read them from)'] : unknownReasons(env),
  };
}

/** Version 2 compares what stands between the commas as it is; later ones trim it and take it in lower case. */
const ssoDomains = (text: string | null, generation: Generation | null): string[] =>
  generation === 2 ? (text ?? '').split(',') : list(text).map((domain) => domain.toLowerCase());

type Read = (name: string) => string | null;

/** Later releases read the table on Langfuse's own cloud alone (ee/features/multi-tenant-sso). */
function readsSsoConfigs(generation: Generation | null, read: Read): boolean {
  if (read('NEXT_PUBLIC_LANGFUSE_CLOUD_REGION') !== null) return true;
  return generation === 2 && read('LANGFUSE_EE_LICENSE_KEY') !== null;
}

/** It takes effect with a password and an organization alone (web/src/initialize.ts). */
function initUser(read: Read): WebSettings['initUser'] {
  const email = read('LANGFUSE_INIT_USER_EMAIL');
  const organizationId = read('LANGFUSE_INIT_ORG_ID');
  if (email === null || organizationId === null || read('LANGFUSE_INIT_USER_PASSWORD') === null) return null;
  return { email: email.toLowerCase(), organizationId };
}

const minutesOfDay = 24 * 60;
const defaultMinutes = 30 * minutesOfDay;

/** The variable counts minutes. */
function sessionDays(text: string | null): number {
  const minutes = Number(text ?? defaultMinutes);
  return Math.max(1, Math.ceil((Number.isFinite(minutes) ? minutes : defaultMinutes) / minutesOfDay));
}

const roleOf = (text: string | null): Role => (isRole(text) ? text : 'VIEWER');

function unknownReasons(env: ResolvedEnv): string[] {
  const reasons = names.map((name) => envUnknown(env, name)).filter((why) => why !== null);
  return [...new Set(reasons)].map((why) => `variables of web (${why})`);
}
