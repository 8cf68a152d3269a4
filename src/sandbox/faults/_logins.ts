/** A store's address as layouts write it: one URL, one with `$(OTHER)` in it, or variables for its parts. */
import type { FaultContext } from '../fault.ts';
import type { Restarts } from './_places.ts';
import { changeVariables, variableValue } from './_steps.ts';

type AddressPart = 'host' | 'password';

const patterns = { host: /(?<=@)[^:/@]+(?=[:/])/, password: /(?<=:\/\/[^:/@]*:)[^@]+(?=@)/ } as const;

/** Changes the host or the password of Postgres where it stands, for web and worker, and restarts both. */
export async function changeDatabase(context: FaultContext, part: AddressPart, value: string): Promise<void> {
  const names = { host: 'DATABASE_HOST', password: 'DATABASE_PASSWORD' } as const;
  const urls = ['DATABASE_URL', 'DIRECT_URL'];
  await changeVariables(context, await changed(context, part, value, urls, names[part]), ['web', 'worker']);
}

/** The variables that give Redis another password, in a workload that has one. */
export function redisPassword(
  context: FaultContext,
  value: string,
  which: Restarts = 'web',
): Promise<Readonly<Record<string, string>>> {
  return changed(context, 'password', value, ['REDIS_CONNECTION_STRING'], 'REDIS_AUTH', which);
}

/** Variables and their new values: the URLs that are set, or what they refer to, or else the part's own variable. */
async function changed(
  context: FaultContext,
  part: AddressPart,
  value: string,
  urls: readonly string[],
  own: string,
  which: Restarts = 'web',
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const name of urls) {
    const url = await variableValue(context, name, which);
    const old = patterns[part].exec(url)?.[0];
    if (old === undefined) continue;
    const reference = /^\$\((\w+)\)$/.exec(old)?.[1];
    values[reference ?? name] = reference === undefined ? url.replace(patterns[part], value) : value;
  }
  return Object.keys(values).length === 0 ? { [own]: value } : values;
}

/** The URL that migrations go to: DIRECT_URL, else DATABASE_URL, else made of the parts as the entrypoint does. */
export async function directUrl(context: FaultContext): Promise<string> {
  const set = await variableValue(context, 'DIRECT_URL');
  if (set !== '') return set;
  const url = await variableValue(context, 'DATABASE_URL');
  return url === ''
    ? 'postgresql://$(DATABASE_USERNAME):$(DATABASE_PASSWORD)@$(DATABASE_HOST)/$(DATABASE_NAME)'
    : url;
}
