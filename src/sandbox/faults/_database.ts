/** Postgres' address as layouts write it: one URL, one with `$(OTHER)` in it, or parts that the image puts together. */
import type { FaultContext } from '../fault.ts';
import { changeVariables, variableValue } from './_steps.ts';

type AddressPart = 'host' | 'password';

const partVariables = { host: 'DATABASE_HOST', password: 'DATABASE_PASSWORD' } as const;
const patterns = { host: /(?<=@)[^:/@]+(?=[:/])/, password: /(?<=:\/\/[^:/@]+:)[^@]+(?=@)/ } as const;

/** Changes the host or the password where it stands, for web and worker, and restarts both. */
export async function changeDatabase(context: FaultContext, part: AddressPart, value: string): Promise<void> {
  const url = await variableValue(context, 'DATABASE_URL');
  const reference = /^\$\((\w+)\)$/.exec(patterns[part].exec(url)?.[0] ?? '')?.[1];
  const variable = url === '' ? partVariables[part] : reference;
  await changeVariables(
    context,
    variable === undefined ? await changedUrls(context, part, value) : { [variable]: value },
    ['web', 'worker'],
  );
}

/** Both URLs with the part changed; one that is not set stays so. */
async function changedUrls(
  context: FaultContext,
  part: AddressPart,
  value: string,
): Promise<Readonly<Record<string, string>>> {
  const changed: Record<string, string> = {};
  for (const name of ['DATABASE_URL', 'DIRECT_URL']) {
    const url = await variableValue(context, name);
    if (url !== '') changed[name] = url.replace(patterns[part], value);
  }
  return changed;
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
