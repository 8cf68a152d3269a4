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
    const pending = newest.status.startsWith('pending-');
    if (!pending && newest.status !== 'failed')
      return { status: 'ok', detail: `revision ${newest.revision} ${newest.status}` };
    const good = revisions.filter((revision) => revision.status === 'deployed').at(-1);
    const { release, namespace } = newest;
    const ageMs = newest.deployedAt === null ? null : now.getTime() - Date.parse(newest.deployedAt);
    const age = ageMs === null ? '' : ` for ${Math.max(0, Math.round(ageMs / 60_000))} min`;
    return failing(
      `revision ${newest.revision} of release ${release} is ${newest.status}${pending ? age : ''}`,
      [
        {
          source: `secret sh.helm.release.v1.${release}.v${newest.revision}`,
          again: `helm history ${release} -n ${namespace}`,
          observed: newest.status,
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
      newest.deployedAt === null ? {} : { since: newest.deployedAt },
    );
  },
});
