import { LfctlError } from '../../errors/error.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { templated } from '../consumers/templates.ts';
import type { Rotation } from './input.ts';

/** Asks for every right that these rotations need, before anything is made. @throws LfctlError ROTATE_RIGHTS */
export async function requireRights(
  kube: KubePort,
  postgres: PostgresPort,
  rotations: readonly Rotation[],
): Promise<void> {
  const [inDatabase, inCluster] = await Promise.all([
    missingInPostgres(postgres),
    missingInCluster(kube, rotations),
  ]);
  const missing = [...inDatabase, ...inCluster];
  if (missing.length === 0) return;
  throw new LfctlError('ROTATE_RIGHTS', { message: `${missing.join('; ')}; nothing was changed` });
}

interface Rights {
  readonly write: boolean;
  readonly standby: boolean;
  readonly readonly: boolean;
}

async function missingInPostgres(postgres: PostgresPort): Promise<string[]> {
  const [rights] = await postgres.query<Rights>(
    `select has_table_privilege('api_keys', 'INSERT') and has_table_privilege('api_keys', 'DELETE') as write,
            pg_is_in_recovery() as standby,
            current_setting('default_transaction_read_only') = 'on' as readonly`,
  );
  return [
    ...(rights?.write === true ? [] : ['the database role may not insert into and delete from api_keys']),
    ...(rights?.standby === true ? ['the database is a standby, which takes no changes'] : []),
    ...(rights?.readonly === true ? ['the database role is read-only'] : []),
  ];
}

async function missingInCluster(kube: KubePort, rotations: readonly Rotation[]): Promise<string[]> {
  const asked = new Map<string, Parameters<KubePort['can']>[0]>();
  const ask = (verb: string, group: string, resource: string, namespace: string): void =>
    void asked.set(`${verb} ${resource} in ${namespace}`, { verb, group, resource, namespace });
  for (const { secrets, restarts, target } of rotations) {
    for (const { namespace } of [...secrets, ...(target === null ? [] : [target])])
      for (const verb of ['create', 'patch', 'delete']) ask(verb, '', 'secrets', namespace);
    for (const { kind, namespace } of restarts) {
      const { group, plural } = templated[kind];
      ask('patch', group, plural, namespace);
      ask('list', '', 'pods', namespace);
    }
  }
  const answers = await Promise.all(
    [...asked].map(async ([text, question]) => ((await kube.can(question)) ? [] : [`may not ${text}`])),
  );
  return answers.flat();
}
