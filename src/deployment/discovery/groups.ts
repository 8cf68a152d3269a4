import type { Confidence, Reason } from '../model.ts';
import type { Found } from './components.ts';
import { databaseIdentity, storesIdentity } from './identity.ts';
import { releaseOf } from './owner.ts';

/** Components while it is found out which of them belong together, and why. */
export interface Group {
  readonly namespace: string;
  readonly members: Found[];
  readonly reasons: Reason[];
}

export function belong(members: readonly Found[], confidence: Confidence, because: string): Reason {
  const names = members.map(({ component }) => component.workload.name).join(', ');
  return { about: 'installation', finding: `${names} belong together`, confidence, because };
}

const hasWeb = ({ members }: Group): boolean => members.some(({ component }) => component.role === 'web');

const isBare = ({ members }: Group): boolean =>
  members.every((member) => releaseOf(member.workload) === null);

/**
 * A group with workers alone belongs to the one with web that has its database, else to the only one of its
 * namespace. A web without a release belongs to the release that has its database: a second web for ingestion.
 */
export function adoptStrays(groups: readonly Group[]): Group[] {
  const isHost = (group: Group): boolean =>
    hasWeb(group) &&
    !(isBare(group) && groups.some((other) => !isBare(other) && sharesDatabase(other, group)));
  const kept = groups.filter(isHost);
  for (const stray of groups.filter((group) => !isHost(group))) {
    const near = kept.filter((group) => hasWeb(group) && group.namespace === stray.namespace);
    const sharing = near.filter((group) => sharesDatabase(group, stray));
    const [host, ...others] = sharing.length > 0 ? sharing : near;
    if (host === undefined || others.length > 0) {
      kept.push(stray);
      continue;
    }
    host.members.push(...stray.members);
    const database = sharing.length === 0 ? null : databaseOf(stray);
    const [confidence, because] =
      database === null
        ? (['guess', 'it is the only web in the namespace'] as const)
        : ([database.read ? 'certain' : 'likely', database.text] as const);
    host.reasons.push(belong(host.members, confidence, because));
  }
  return kept;
}

/** Two releases on the same Postgres, ClickHouse and Redis serve the same data: a release of web for ingestion alone. */
export function joinByStores(groups: readonly Group[]): Group[] {
  const kept: Group[] = [];
  for (const group of groups) {
    const stores = storesOf(group);
    const twin =
      stores === null
        ? undefined
        : kept.find((other) => other.namespace === group.namespace && storesOf(other) === stores);
    if (twin === undefined) {
      kept.push(group);
      continue;
    }
    twin.members.push(...group.members);
    twin.reasons.push(...group.reasons, belong(twin.members, 'likely', `the same stores: ${stores ?? ''}`));
  }
  return kept;
}

function storesOf({ members }: Group): string | null {
  return members.map(storesIdentity).find((one) => one !== null) ?? null;
}

function databaseOf({ members }: Group): ReturnType<typeof databaseIdentity> {
  return members.map(databaseIdentity).find((one) => one !== null) ?? null;
}

/** True where both names are known and equal, and the other one has a web. */
function sharesDatabase(host: Group, stray: Group): boolean {
  const [left, right] = [databaseOf(host), databaseOf(stray)];
  return hasWeb(host) && host.namespace === stray.namespace && left !== null && left.text === right?.text;
}
