import { migrationsOf } from '../../../deployment/releases.ts';
import type { DeploymentView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { runningVersion } from '../../running-version.ts';
import { failing, logProof, manual, storeCommand } from '../../wording.ts';
import { webSilent } from '../../symptoms.ts';

export const clickhouseMigrationsCheck = defineCheck({
  id: 'clickhouse/migrations',
  area: 'clickhouse',
  title: "ClickHouse's tables are those of this version, and no migration was left half done",
  why: 'golang-migrate marks a version dirty before it starts. A container killed in the middle, most often by its liveness probe, leaves the mark, and each later start of web ends with "Dirty database version". A database that a later version has migrated keeps an earlier one from starting.',
  severity: 'critical',
  uses: ['clickhouse/migrations'],
  sees: ['kube/logs', 'deployment/discovery', 'deployment/version'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...webSilent],
  evaluate: ({ facts, outcomes }) => {
    const { version, dirty, tableExists } = facts['clickhouse/migrations'];
    const logs = outcomes['kube/logs'];
    const deployment = outcomes['deployment/discovery'];
    if (!tableExists || version === null)
      return {
        status: 'unknown',
        reason: 'the database has no schema_migrations: another database, or web has never started',
      };
    if (dirty)
      return halfDone(deployment, version, logProof(logs, ['clickhouse-dirty'], 'migrations applied'));
    const running = runningVersion(outcomes['deployment/version']);
    const newest = migrationsOf(running)?.clickhouse ?? null;
    if (newest !== null && version < newest) return behind(deployment, version, newest, running ?? '');
    const refused = logProof(logs, ['clickhouse-ahead'], 'migrations applied');
    if ((newest !== null && version > newest) || (running === null && refused.length > 0))
      return ahead(deployment, version, running, refused);
    return { status: 'ok', detail: `version ${version}` };
  },
});

type Discovery = Outcome<DeploymentView>;

const client = (deployment: Discovery, sql: string): string =>
  storeCommand(deployment, 'clickhouse', `clickhouse-client -q "${sql}"`);

function row(deployment: Discovery, observed: string, expected: string): Evidence {
  const sql = 'select version, dirty from schema_migrations order by sequence desc limit 1';
  return { source: 'clickhouse', again: client(deployment, sql), observed, expected };
}

function halfDone(deployment: Discovery, version: number, proof: readonly Evidence[]): Verdict {
  const append = (to: number): string =>
    client(deployment, `insert into schema_migrations values (${to}, 0, toUnixTimestamp64Nano(now64(9)))`);
  return failing(
    `ClickHouse migration ${version} was started and not finished`,
    [row(deployment, `version ${version}, dirty 1`, 'dirty 0'), ...proof],
    [
      manual(
        `compare the tables with migration ${version}; where nothing of it is there, run it again`,
        append(version - 1),
      ),
      manual('where all of it is there, accept it', append(version)),
      manual("then raise initialDelaySeconds of web's liveness probe, so that it is not killed again"),
    ],
  );
}

function behind(deployment: Discovery, version: number, newest: number, running: string): Verdict {
  return failing(
    `ClickHouse is at migration ${version}, and Langfuse ${running} needs ${newest}: migrations were not run`,
    [row(deployment, `version ${version}`, `version ${newest}`)],
    [
      manual(
        'take LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED away from web, make sure that CLICKHOUSE_MIGRATION_URL leads to the same database, and restart one web pod alone',
      ),
    ],
    { severity: 'error' },
  );
}

/** Web runs from before, or does not start any more: the one is a warning, the other what keeps it down. */
function ahead(
  deployment: Discovery,
  version: number,
  running: string | null,
  proof: readonly Evidence[],
): Verdict {
  const of = running === null ? 'the image of web' : `Langfuse ${running}`;
  return failing(
    `ClickHouse is at migration ${version}, which ${of} does not have: a later version has run here`,
    [row(deployment, `version ${version}`, `at most what ${of} brings`), ...proof],
    [
      manual(
        'go back to the later image: a web of the earlier one ends with "no migration found" at its next start',
      ),
      manual(
        'or set LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED=true on web, where the later tables serve the earlier version too',
      ),
    ],
    running === null ? {} : { severity: 'warning' },
  );
}
