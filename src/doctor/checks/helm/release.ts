import type { HelmRevision } from '../../../ports/helm.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { failing, manual } from '../../wording.ts';

export const helmReleaseCheck = defineCheck({
  id: 'helm/release',
  area: 'helm',
  title: 'the Helm release is not stuck',
  why: 'A client that was killed leaves the newest revision pending, and each later upgrade stops with "another operation is in progress". A failed revision may still be what runs.',
  severity: 'error',
  uses: ['helm/revisions'],
  explains: [],
  evaluate: ({ facts, now }) => {
    const revisions = facts['helm/revisions'];
    const newest = revisions.at(-1);
    if (newest === undefined) return { status: 'skipped', reason: 'not owned by Helm' };
    const stuck = newest.status.startsWith('pending-') || newest.status === 'failed';
    return stuck
      ? stuckAt(newest, revisions.filter((revision) => revision.status === 'deployed').at(-1), now)
      : { status: 'ok', detail: `revision ${newest.revision} ${newest.status}` };
  },
});

function stuckAt(newest: HelmRevision, good: HelmRevision | undefined, now: Date): Verdict {
  const { release, namespace, revision, status, deployedAt } = newest;
  return failing(
    `revision ${revision} of release ${release} is ${status}${status === 'failed' ? '' : ageText(deployedAt, now)}`,
    [
      {
        source: `secret sh.helm.release.v1.${release}.v${revision}`,
        again: `helm history ${release} -n ${namespace}`,
        observed: status,
        expected: 'deployed',
      },
    ],
    [
      good === undefined
        ? manual(
            'no revision was ever deployed: uninstall and install again',
            `helm uninstall ${release} -n ${namespace}`,
          )
        : manual(
            `make sure that no helm runs, then go back to revision ${good.revision}; images move back, database schemas do not`,
            `helm rollback ${release} ${good.revision} -n ${namespace}`,
          ),
    ],
    deployedAt === null ? {} : { since: deployedAt },
  );
}

function ageText(deployedAt: string | null, now: Date): string {
  if (deployedAt === null) return '';
  return ` for ${Math.max(0, Math.round((now.getTime() - Date.parse(deployedAt)) / 60_000))} min`;
}
