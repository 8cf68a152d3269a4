import { LfctlError } from '../errors/error.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import { domainOf, isEmail, isFound } from './email.ts';
import type { WebSettings } from './web-settings.ts';

/** What decides whether a password lets somebody in: settings, and domains of sso_configs where this Langfuse reads it. */
export interface SignIn {
  readonly settings: WebSettings;
  readonly configuredDomains: readonly string[];
  /** What could not be looked at: nothing is promised then. */
  readonly unknown: readonly string[];
}

/** Reads what can be read. */
export async function readSignIn(postgres: PostgresPort, settings: WebSettings): Promise<SignIn> {
  if (!settings.readsSsoConfigs) return { settings, configuredDomains: [], unknown: settings.unknown };
  try {
    const rows = await postgres.query<{ domain: string }>('SELECT lower(domain) AS domain FROM sso_configs');
    return { settings, configuredDomains: rows.map(({ domain }) => domain), unknown: settings.unknown };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return {
      settings,
      configuredDomains: [],
      unknown: [...settings.unknown, `sso_configs (${error.message})`],
    };
  }
}

/** Why a password would not let this address in; empty when nothing that is known stands in the way. */
export function passwordObstacles(
  email: string,
  { settings, configuredDomains }: Pick<SignIn, 'settings' | 'configuredDomains'>,
): string[] {
  const domain = domainOf(email);
  const found: string[] = [];
  if (!isFound(email)) found.push('its e-mail has upper-case letters, and sign-in looks for lower-case ones');
  if (!isEmail(email)) found.push('sign-in does not take its e-mail for an address');
  if (settings.passwordsOff) found.push('AUTH_DISABLE_USERNAME_PASSWORD turns passwords off for everybody');
  if (settings.ssoDomains.includes(domain))
    found.push(`AUTH_DOMAINS_WITH_SSO_ENFORCEMENT wants SSO for ${domain}`);
  if (configuredDomains.includes(domain)) found.push(`sso_configs wants SSO for ${domain}`);
  return found;
}
