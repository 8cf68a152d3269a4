import { defineCheck } from '../../check.ts';
import { failing, logEvidence, logHits, manual, psqlCommand } from '../../wording.ts';
import { webSilent } from '../../symptoms.ts';

export const postgresMigrationsCheck = defineCheck({
  id: 'postgres/migrations',
  area: 'postgres',
  title: 'no Postgres migration has failed',
  why: 'Prisma refuses to go on (P3009) while a row of _prisma_migrations is neither finished nor rolled back: web ends in a crash loop at each start.',
  severity: 'critical',
  uses: ['postgres/migrations'],
  sees: ['kube/logs', 'deployment/discovery'],
  explains: ['kube/pods', 'worker/health', ...webSilent],
  evaluate: ({ facts, outcomes }) => {
    const { failed, tableExists, newest, applied } = facts['postgres/migrations'];
    const [first] = failed;
    if (first === undefined)
      return tableExists
        ? { status: 'ok', detail: `${applied} applied, newest ${newest ?? 'none'}` }
        : {
            status: 'unknown',
            reason: 'the database has no _prisma_migrations: another database, or web has never started',
          };
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const hit = logHits(logs, ['prisma-failed'])[0];
    return failing(
      `migration ${first.name} failed${first.log === '' ? '' : `: ${first.log.split('\n')[0] ?? ''}`}`,
      [
        {
          source: 'postgres',
          again: psqlCommand(
            outcomes['deployment/discovery'],
            'select migration_name, started_at, logs from _prisma_migrations where finished_at is null and rolled_back_at is null',
          ),
          observed: failed.map((row) => row.name).join(', '),
          expected: 'no row',
        },
        ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'migrations applied')]),
      ],
      [
        manual(
          'mend what its logs column names, then let Prisma try it again',
          psqlCommand(
            outcomes['deployment/discovery'],
            `update _prisma_migrations set rolled_back_at = now() where migration_name = '${first.name}' and finished_at is null`,
          ),
        ),
        manual(
          'only where its SQL was applied by hand, mark it done',
          psqlCommand(
            outcomes['deployment/discovery'],
            `update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where migration_name = '${first.name}'`,
          ),
        ),
      ],
      { since: first.startedAt },
    );
  },
});
