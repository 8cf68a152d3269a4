/** Keys and store URLs: by environment, or from what the file points at. Never in the file, never in argv. */
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { LfctlError } from '../../errors/error.ts';
import { Secret } from '../secret.ts';
import type { Settings, Sourced } from '../settings.ts';
import { reasonOf } from './load.ts';
import { fromFile } from './pick.ts';
import type { Pick } from './pick.ts';
import { withObjectKeys } from './s3-keys.ts';

type StoreKey = keyof Settings['stores'];
type Keys = { readonly publicKey: Sourced<string> | null; readonly secretKey: Sourced<Secret> | null };

const storeVariables: Readonly<Record<StoreKey, string>> = {
  databaseUrl: 'LFCTL_DATABASE_URL',
  clickhouseUrl: 'LFCTL_CLICKHOUSE_URL',
  redisUrl: 'LFCTL_REDIS_URL',
  s3Url: 'LFCTL_S3_URL',
};

/** @throws LfctlError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function resolveStores(file: Pick): Promise<Settings['stores']> {
  const s3Url = await storeUrl(file, 's3Url');
  return {
    databaseUrl: await storeUrl(file, 'databaseUrl'),
    clickhouseUrl: await storeUrl(file, 'clickhouseUrl'),
    redisUrl: await storeUrl(file, 'redisUrl'),
    s3Url: s3Url === null ? null : withObjectKeys(s3Url, file.input.env),
  };
}

async function storeUrl(file: Pick, key: StoreKey): Promise<Sourced<Secret> | null> {
  const { env, config } = file.input;
  const variable = storeVariables[key];
  const value = env[variable];
  if (value !== undefined && value !== '')
    return checked({ value: new Secret(value), source: 'environment', origin: variable });
  const from = file.section?.stores?.[key]?.from;
  if (from === undefined || config === null || file.name === null) return null;
  const place = fromFile(config, ['deployments', file.name, 'stores', key, 'from'], from);
  const secret = await pointedAt(place, env);
  return checked({ value: new Secret(secret), source: 'file', origin: `${place.origin} (${from})` });
}

/** The value itself is never in the message. */
function checked(url: Sourced<Secret>): Sourced<Secret> {
  if (URL.canParse(url.value.reveal())) return url;
  throw new LfctlError('CONFIG_INVALID', {
    message: `${url.origin} is not a URL`,
    fixes: [{ text: 'percent-encode @ : / # ? and % in its user and password' }],
  });
}

async function pointedAt(place: Sourced<string>, env: Pick['input']['env']): Promise<string> {
  const [kind, rest] = splitOnce(place.value);
  if (kind === 'file') return (await readSecretFile(place, rest)).trim();
  const value = env[rest];
  if (value !== undefined && value !== '') return value;
  throw new LfctlError('CONFIG_INVALID', {
    message: `${place.origin} takes a value from the variable ${rest}, which is not set`,
  });
}

const splitOnce = (text: string): readonly [string, string] => {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

async function readSecretFile(place: Sourced<string>, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new LfctlError('CONFIG_UNREADABLE', {
      message: `${place.origin} takes a secret from the file ${path}: ${reasonOf(error)}`,
      fixes: [{ text: 'make the file readable for this user, or change from:' }],
    });
  }
}

/** API keys: LFCTL_*, else what `keys.from` of the file says, else the names that SDKs read. */
export async function resolveKeys(file: Pick): Promise<Keys> {
  const { env } = file.input;
  const own = keysIn(env, 'LFCTL', 'environment', '');
  if (own.publicKey !== null || own.secretKey !== null) return own;
  return (await keysOfFile(file, 'keys')) ?? keysIn(env, 'LANGFUSE', 'environment', '');
}

/** The organisation's pair: LFCTL_ORG_*, else what `organizationKeys.from` says. No name of SDKs leads to it. */
export async function resolveOrganizationKeys(file: Pick): Promise<Keys> {
  const own = keysIn(file.input.env, 'LFCTL_ORG', 'environment', '');
  if (own.publicKey !== null || own.secretKey !== null) return own;
  return (await keysOfFile(file, 'organizationKeys')) ?? { publicKey: null, secretKey: null };
}

/** A file with LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY; null where the configuration names none. */
async function keysOfFile(file: Pick, section: 'keys' | 'organizationKeys'): Promise<Keys | null> {
  const { config } = file.input;
  const from = file.section?.[section]?.from;
  if (from?.startsWith('file:') !== true || config === null || file.name === null) return null;
  const place = fromFile(config, ['deployments', file.name, section, 'from'], from);
  const values = parseEnv(await readSecretFile(place, splitOnce(from)[1]));
  return keysIn(values, 'LANGFUSE', 'file', `${place.origin} (${from})`);
}

function keysIn(
  values: Readonly<Record<string, string | undefined>>,
  prefix: string,
  source: Sourced<string>['source'],
  origin: string,
): Keys {
  const find = (name: string): Sourced<string> | null => {
    const value = values[name];
    return value === undefined || value === '' ? null : { value, source, origin: origin || name };
  };
  const secret = find(`${prefix}_SECRET_KEY`);
  return {
    publicKey: find(`${prefix}_PUBLIC_KEY`),
    secretKey: secret === null ? null : { ...secret, value: new Secret(secret.value) },
  };
}
