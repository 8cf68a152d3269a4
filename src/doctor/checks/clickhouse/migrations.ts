import { defineCheck } from '../../check.ts';
import { failing, logEvidence, logHits, manual, storeCommand } from '../../wording.ts';
import { webSilent } from '../../symptoms.ts';

export const clickhouseMigrationsCheck = defineCheck({
  id: 'clickhouse/migrations',
  area: 'clickhouse',
  title: 'no ClickHouse migration was left half done',
  why: 'golang-migrate marks a version dirty before it starts. A container killed in the middle, most often by its liveness probe, leaves the mark, and each later start of web ends with "Dirty database version".',
  severity: 'critical',
  uses: ['clickhouse/migrations'],
  sees: ['kube/logs', 'deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent],
  evaluate: ({ facts, outcomes }) => {
    const { version, dirty, tableExists } = facts['clickhouse/migrations'];
    if (!tableExists || version === null)
      return {
        status: 'unknown',
        reason: 'the database has no schema_migrations: another database, or web has never started',
      };
    if (!dirty) return { status: 'ok', detail: `version ${version}` };
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const hit = logHits(logs, ['clickhouse-dirty'])[0];
    const client = (sql: string): string =>
      storeCommand(outcomes['deployment/discovery'], 'clickhouse', `clickhouse-client -q "${sql}"`);
    const sequence = 'toUnixTimestamp64Nano(now64(9))';
    return failing(
      `ClickHouse migration ${version} was started and not finished`,
      [
        {
          source: 'clickhouse',
          again: client('select version, dirty from schema_migrations order by sequence desc limit 1'),
          observed: `version ${version}, dirty 1`,
          expected: 'dirty 0',
        },
        ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'migrations applied')]),
      ],
      [
        manual(
          `compare the tables with migration ${version}; where nothing of it is there, run it again`,
          client(`insert into schema_migrations values (${version - 1}, 0, ${sequence})`),
        ),
        manual(
          'where all of it is there, accept it',
          client(`insert into schema_migrations values (${version}, 0, ${sequence})`),
        ),
        manual("then raise initialDelaySeconds of web's liveness probe, so that it is not killed again"),
      ],
    );
  },
});
