import { withoutLogin } from '../redact.ts';
import { databaseUrl } from '../targets/postgres.ts';
import type { Found } from './components.ts';
import { releaseOf } from './owner.ts';

/** Workloads that belong together: the same stores, or where these cannot be read, the same release. */
export interface Installation {
  readonly namespace: string;
  readonly release: string | null;
  readonly members: readonly Found[];
}

/** Groups components of each namespace by their database; a worker without a match joins its release's web. */
export function groupInstallations(found: readonly Found[]): Installation[] {
  const groups = new Map<string, Found[]>();
  for (const item of found) {
    const key = `${item.component.workload.namespace}\n${identity(item)}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return adoptStrays([...groups.values()]).map((members) => ({
    namespace: members[0]?.component.workload.namespace ?? '',
    release: members.map((member) => releaseOf(member.workload)).find((release) => release !== null) ?? null,
    members,
  }));
}

function identity(item: Found): string {
  const release = releaseOf(item.workload);
  return release === null ? `database ${databaseOf(item) ?? 'unreadable'}` : `release ${release}`;
}

/**
 * A group with workers alone belongs to the one with web that has its database, else to the only one of its
 * namespace. A web without a release belongs to the release that has its database: a second web for ingestion.
 */
function adoptStrays(groups: readonly Found[][]): Found[][] {
  const isHost = (members: readonly Found[]): boolean =>
    members.some((member) => member.component.role === 'web') &&
    !(isBare(members) && groups.some((other) => other !== members && sharesDatabase(other, members)));
  const kept = groups.filter(isHost).map((members) => [...members]);
  for (const stray of groups.filter((members) => !isHost(members))) {
    const near = kept.filter((members) => namespaceOf(members) === namespaceOf(stray));
    const [host] = [near.filter((members) => sharesDatabase(members, stray)), near].filter(
      (hosts) => hosts.length === 1,
    );
    if (host?.[0] === undefined) kept.push([...stray]);
    else host[0].push(...stray);
  }
  return kept;
}

const namespaceOf = (members: readonly Found[]): string => members[0]?.component.workload.namespace ?? '';

const isBare = (members: readonly Found[]): boolean =>
  members.every((member) => releaseOf(member.workload) === null);

/** True where both names are known and equal, and the other one has a web. */
function sharesDatabase(host: readonly Found[], stray: readonly Found[]): boolean {
  const [left, right] = [host, stray].map((members) =>
    members.map(databaseOf).find((database) => database !== null),
  );
  const withWeb = host.some((member) => member.component.role === 'web');
  return withWeb && namespaceOf(host) === namespaceOf(stray) && left != null && left === right;
}

/** Host, port and name of the database, without login and parameters; null where it cannot be read. */
function databaseOf(item: Found): string | null {
  const url = databaseUrl(item.component.env)?.url ?? null;
  return url === null ? null : withoutLogin(url).replace(/\?.*$/, '');
}

/** What `--release` calls it: the release, else the first web workload. */
export function installationName({ release, members }: Installation): string {
  const web = members.find((member) => member.component.role === 'web') ?? members[0];
  return release ?? web?.component.workload.name ?? '';
}
