import type { ComponentEnvView, StoreView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { addressText, envEvidence, failing, logProof, manual, variableOf } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

export const configDatabaseUrlCheck = defineCheck({
  id: 'config/database-url',
  area: 'config',
  title: 'DATABASE_URL is a URL that leads to a Postgres',
  why: 'The image puts it into Prisma as it stands: a character of the password that is not percent-encoded, or a host that is no Service, ends in P1013 or P1001 and a crash loop.',
  severity: 'critical',
  uses: ['deployment/discovery', 'config/env'],
  sees: ['kube/logs'],
  explains: [
    'postgres/reachable',
    'postgres/auth',
    'postgres/migrations',
    'litellm/keys',
    'kube/pods',
    ...webSilent,
    ...workerSilent,
  ],
  evaluate: ({ facts, outcomes }) => {
    const store = facts['deployment/discovery'].stores.postgres;
    const web = facts['config/env'].find((env) => env.role === 'web') ?? facts['config/env'][0];
    if (web === undefined) return { status: 'unknown', reason: 'no component was found' };
    if (!store.configured) return { status: 'skipped', reason: 'not configured: DATABASE_URL' };
    const proof = logProof(
      outcomes['kube/logs'],
      ['database-url-invalid', 'postgres-unreachable'],
      'a connection',
    );
    return (
      noService(store, web, proof) ??
      unusable(store, web, proof) ??
      unencoded(store, web, proof) ?? { status: 'ok', detail: addressText(store) }
    );
  },
});

function noService(store: StoreView, web: ComponentEnvView, proof: readonly Evidence[]): Verdict | null {
  const { placement } = store;
  if (placement.kind !== 'no-service') return null;
  const { namespace, service } = placement;
  const again = `kubectl get services -n ${namespace}`;
  const name = store.variables.find((one) => one === 'DATABASE_HOST') ?? 'DATABASE_URL';
  return failing(
    `${name} names host ${store.host === null ? service : addressText(store)}, and namespace ${namespace} has no Service ${service}`,
    [
      envEvidence(web, name, `host ${store.host ?? service}`, `a Service of namespace ${namespace}`),
      { source: 'services', again, observed: `no ${service}`, expected: service },
      ...proof,
    ],
    [manual(`correct the host in ${name} (and DIRECT_URL) and restart`, again)],
  );
}

/** No address could be read from it. Where the reason is a right or a reference, that is no finding of this check. */
function unusable(store: StoreView, web: ComponentEnvView, proof: readonly Evidence[]): Verdict | null {
  if (store.why === null || store.host !== null) return null;
  if (/forbidden|no-object|no-key|unix socket/.test(store.why))
    return { status: 'unknown', reason: store.why };
  return failing(
    store.why,
    [envEvidence(web, 'DATABASE_URL', store.why, 'postgresql://user:password@host:5432/database'), ...proof],
    [
      manual(
        'percent-encode the password (@ is %40, / is %2F, # is %23, ? is %3F, % is %25), or choose one of letters and digits',
      ),
    ],
  );
}

function unencoded(store: StoreView, web: ComponentEnvView, proof: readonly Evidence[]): Verdict | null {
  const signs = variableOf(web, 'DATABASE_URL')?.shape?.unencoded ?? '';
  if (signs === '') return null;
  return failing(
    `the password in DATABASE_URL holds ${signs} unencoded: ${addressText(store)} parses by luck`,
    [envEvidence(web, 'DATABASE_URL', `${signs} in the password`, 'percent-encoded'), ...proof],
    [manual('percent-encode it: @ is %40')],
    { severity: 'warning' },
  );
}
