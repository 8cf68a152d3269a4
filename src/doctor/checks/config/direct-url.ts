import type { ComponentEnvView, StoreView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { addressText, envEvidence, failing, manual } from '../../wording.ts';

export const configDirectUrlCheck = defineCheck({
  id: 'config/direct-url',
  area: 'config',
  title: 'DIRECT_URL leads to the same database as DATABASE_URL',
  why: 'Migrations go through DIRECT_URL where it is set: another database is migrated, and the app runs on an old schema. Another host is right only for a pooler in front of the same database.',
  severity: 'warning',
  uses: ['deployment/discovery', 'config/env'],
  explains: ['postgres/migrations'],
  evaluate: ({ facts }) => {
    const { postgres, postgresDirect } = facts['deployment/discovery'].stores;
    if (postgresDirect === null) return { status: 'ok', detail: 'not set: migrations use DATABASE_URL' };
    const web = facts['config/env'].find((env) => env.role === 'web');
    if (web === undefined || postgres.host === null)
      return /forbidden/.test(postgres.why ?? '')
        ? { status: 'unknown', reason: postgres.why ?? '' }
        : { status: 'skipped', reason: 'DATABASE_URL is not known' };
    return compare(web, postgresDirect, postgres);
  },
});

function compare(web: ComponentEnvView, direct: StoreView, postgres: StoreView): Verdict {
  if (direct.why !== null && /forbidden|no-object|no-key|unix socket/.test(direct.why))
    return { status: 'unknown', reason: direct.why };
  const differs =
    direct.database !== postgres.database ||
    (direct.host !== postgres.host && direct.placement.kind === 'no-service');
  if (direct.host !== null && !differs) return { status: 'ok', detail: addressText(direct) };
  const target =
    direct.host === null ? (direct.why ?? 'no address') : `${addressText(direct)}/${direct.database ?? ''}`;
  const wanted = `${addressText(postgres)}/${postgres.database ?? ''}`;
  return failing(
    `DIRECT_URL leads to ${target}, DATABASE_URL to ${wanted}`,
    [envEvidence(web, 'DIRECT_URL', target, wanted)],
    [manual('make DIRECT_URL name the same database, or remove it, and restart web')],
  );
}
