import type { Connections } from '../langfuse/connections.ts';

type InitPlace = Pick<Connections, 'settings' | 'log'>;

const variables = [
  'ORG_NAME',
  'ORG_CLOUD_PLAN',
  'PROJECT_ID',
  'PROJECT_NAME',
  'PROJECT_RETENTION',
  'PROJECT_PUBLIC_KEY',
  'PROJECT_SECRET_KEY',
  'USER_EMAIL',
  'USER_NAME',
  'USER_PASSWORD',
].map((name) => `LANGFUSE_INIT_${name}`);

/** Said when others of LANGFUSE_INIT_* are set without the organisation's id; 2 says nothing of it. */
export function warnWithoutOrganisation({ settings, log }: InitPlace): void {
  const given = variables.filter((name) => settings.text(name) !== undefined);
  if (given.length === 0) return;
  log.warn(
    `[Langfuse Init] LANGFUSE_INIT_ORG_ID is not set but other LANGFUSE_INIT_* variables are configured. ` +
      `The following variables will be ignored: ${given.join(', ')}. ` +
      `Set LANGFUSE_INIT_ORG_ID to enable initialization.`,
  );
}

/** Said for half a key pair, half a user, and keys without a project (web/src/initialize.ts). */
export function warnOfHalves(place: InitPlace): void {
  const { settings, log } = place;
  warnOfHalf(place, ['PROJECT_PUBLIC_KEY', 'PROJECT_SECRET_KEY'], ['API key', 'create API keys']);
  const has = (name: string): boolean => settings.text(`LANGFUSE_INIT_${name}`) !== undefined;
  if ((has('PROJECT_PUBLIC_KEY') || has('PROJECT_SECRET_KEY')) && !has('PROJECT_ID'))
    log.warn(
      `[Langfuse Init] LANGFUSE_INIT_PROJECT_ID is not set but API key variables are configured. ` +
        `API keys will not be created. Set LANGFUSE_INIT_PROJECT_ID to enable API key creation.`,
    );
  warnOfHalf(place, ['USER_EMAIL', 'USER_PASSWORD'], ['user', 'create a user']);
}

function warnOfHalf(
  { settings, log }: InitPlace,
  pair: readonly [string, string],
  [what, purpose]: readonly [string, string],
): void {
  const [first, second] = pair.map((name) => `LANGFUSE_INIT_${name}`);
  const missing = [first, second].filter((name = '') => settings.text(name) === undefined);
  if (missing.length !== 1) return;
  log.warn(
    `[Langfuse Init] Partial ${what} configuration: ${missing[0]} is not set. ` +
      `Both ${first} and ${second} must be set to ${purpose}.`,
  );
}
