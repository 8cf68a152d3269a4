import { migrationsOf } from '../../../deployment/releases.ts';
import type { DeploymentView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import type { PostgresMigrationsView } from '../../facts/postgres/migrations.ts';
import { runningVersion } from '../../running-version.ts';
import { failing, logProof, manual, psqlCommand } from '../../wording.ts';
import { webSilent } from '../../symptoms.ts';

export const postgresMigrationsCheck = defineCheck({
  id: 'postgres/migrations',
  area: 'postgres',
  title: 'every Postgres migration of this version is applied, and none has failed',
  why: 'Prisma refuses to go on (P3009) while a row of _prisma_migrations is neither finished nor rolled back: web ends in a crash loop at each start. A schema that is behind answers single calls with 500.',
  severity: 'critical',
  uses: ['postgres/migrations'],
  sees: ['kube/logs', 'deployment/discovery', 'deployment/version'],
  explains: ['kube/pods', 'worker/health', ...webSilent],
  evaluate: ({ facts, outcomes }) => {
    const { failed, tableExists, newest, applied } = facts['postgres/migrations'];
    const [first] = failed;
    const deployment = outcomes['deployment/discovery'];
    if (first !== undefined)
      return notFinished(
        deployment,
        [first, ...failed.slice(1)],
        logProof(outcomes['kube/logs'], ['prisma-failed'], 'migrations applied'),
      );
    if (!tableExists)
      return {
        status: 'unknown',
        reason: 'the database has no _prisma_migrations: another database, or web has never started',
      };
    const running = runningVersion(outcomes['deployment/version']);
    const needed = migrationsOf(running)?.postgres ?? null;
    if (needed !== null && (newest ?? '') < needed) return behind(deployment, newest, needed, running ?? '');
    return { status: 'ok', detail: `${applied} applied, newest ${newest ?? 'none'}` };
  },
});

type Discovery = Outcome<DeploymentView>;
type Failed = PostgresMigrationsView['failed'][number];

function notFinished(
  deployment: Discovery,
  [first, ...rest]: readonly [Failed, ...Failed[]],
  proof: readonly Evidence[],
): Verdict {
  const open = 'finished_at is null and rolled_back_at is null';
  const mark = (set: string, where: string): string =>
    psqlCommand(
      deployment,
      `update _prisma_migrations set ${set} where migration_name = '${first.name}'${where}`,
    );
  return failing(
    `migration ${first.name} failed${first.log === '' ? '' : `: ${first.log.split('\n')[0] ?? ''}`}`,
    [
      {
        source: 'postgres',
        again: psqlCommand(
          deployment,
          `select migration_name, started_at, logs from _prisma_migrations where ${open}`,
        ),
        observed: [first, ...rest].map((row) => row.name).join(', '),
        expected: 'no row',
      },
      ...proof,
    ],
    [
      manual(
        'mend what its logs column names, then let Prisma try it again',
        mark('rolled_back_at = now()', ' and finished_at is null'),
      ),
      manual(
        'only where its SQL was applied by hand, mark it done',
        mark('finished_at = now(), applied_steps_count = 1', ''),
      ),
    ],
    { since: first.startedAt },
  );
}

function behind(deployment: Discovery, newest: string | null, needed: string, running: string): Verdict {
  return failing(
    `Postgres is at migration ${newest ?? 'none'}, and Langfuse ${running} brings one of ${needed}: migrations were not run`,
    [
      {
        source: 'postgres',
        again: psqlCommand(
          deployment,
          'select max(migration_name) from _prisma_migrations where finished_at is not null',
        ),
        observed: newest ?? 'none',
        expected: `${needed} or later`,
      },
    ],
    [
      manual(
        'take LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED away from web, make sure that DIRECT_URL leads to the same database, and restart web',
      ),
    ],
    { severity: 'error' },
  );
}
