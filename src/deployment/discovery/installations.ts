import type { Reason, Role } from '../model.ts';
import type { Found } from './components.ts';
import type { Group } from './groups.ts';
import { adoptStrays, belong, joinByStores } from './groups.ts';
import { databaseIdentity } from './identity.ts';
import { releaseOf } from './owner.ts';

/** Workloads that belong together: the same release, the same stores, or nobody else to belong to. */
export interface Installation {
  readonly namespace: string;
  readonly release: string | null;
  readonly members: readonly Found[];
  /** Why these are one, and what was left out. */
  readonly reasons: readonly Reason[];
}

/**
 * Groups components of each namespace: by release, those without one by their database. Releases that share every
 * store are one installation, and workers without a web join the web that has their database.
 */
export function groupInstallations(found: readonly Found[]): Installation[] {
  const groups = new Map<string, Group>();
  for (const item of found) {
    const { namespace } = item.component.workload;
    const release = releaseOf(item.workload);
    const key = release === null ? `database ${databaseIdentity(item)?.text ?? ''}` : `release ${release}`;
    const group = groups.get(`${namespace}\n${key}`) ?? { namespace, members: [], reasons: [] };
    group.members.push(item);
    groups.set(`${namespace}\n${key}`, group);
  }
  return joinByStores(adoptStrays([...groups.values()])).map(toInstallation);
}

function toInstallation({ namespace, members, reasons }: Group): Installation {
  const { kept, left } = dropGuesses(members);
  const release = mainRelease(kept);
  const own = (member: Found): boolean => releaseOf(member.workload) === release;
  const ordered = [...kept.filter(own), ...kept.filter((member) => !own(member))];
  return {
    namespace,
    release,
    members: ordered,
    reasons: [...together(ordered, reasons), ...reasons, ...left.map(leftOut), ...withoutWeb(ordered)],
  };
}

/** Of several releases that are one installation: the one with web and worker, else web's. */
function mainRelease(members: readonly Found[]): string | null {
  const releasesOf = (role: Role): readonly (string | null)[] =>
    members.filter(({ component }) => component.role === role).map(({ workload }) => releaseOf(workload));
  const webs = releasesOf('web').filter((release) => release !== null);
  const workers = releasesOf('worker').filter((release) => release !== null);
  return webs.find((release) => workers.includes(release)) ?? webs[0] ?? workers[0] ?? null;
}

function withoutWeb(members: readonly Found[]): Reason[] {
  if (members.some(({ component }) => component.role === 'web')) return [];
  const because = 'nothing in the namespace that could be listed looks like it';
  return [{ about: 'installation', finding: 'no web', confidence: 'likely', because }];
}

/** Another tool with Langfuse's label and variables (a backup, an exporter) is none where the real one stands beside it. */
function dropGuesses(members: readonly Found[]): {
  readonly kept: readonly Found[];
  readonly left: readonly Found[];
} {
  const sure = members.filter((member) => member.confidence !== 'guess');
  const left = sure.some(({ component }) => component.role === 'web')
    ? members.filter((member) => member.confidence === 'guess')
    : [];
  return { kept: members.filter((member) => !left.includes(member)), left };
}

function leftOut({ component }: Found): Reason {
  const { workload, evidence } = component;
  return {
    about: 'installation',
    finding: `${workload.kind.toLowerCase()}/${workload.name} is left out`,
    confidence: 'likely',
    because: `only ${evidence.join(', ')} speak for it, and there is a surer web`,
  };
}

/** Why the members that were not put together by a reason of their own are one. */
function together(members: readonly Found[], reasons: readonly Reason[]): Reason[] {
  if (members.length < 2 || reasons.length > 0) return [];
  const releases = new Set(members.map((member) => releaseOf(member.workload)));
  const [release] = releases;
  if (releases.size === 1 && release != null) return [belong(members, 'certain', `release ${release}`)];
  const identities = members.map(databaseIdentity);
  const [first] = identities;
  const same = first != null && identities.every((one) => one?.text === first.text);
  if (same) return [belong(members, first.read ? 'certain' : 'likely', first.text)];
  return [belong(members, 'guess', 'no release, and no address of a database could be read')];
}

/** What `--release` calls it: the release, else the first web workload. */
export function installationName({ release, members }: Installation): string {
  const web = members.find((member) => member.component.role === 'web') ?? members[0];
  return release ?? web?.component.workload.name ?? '';
}

/** True for each name that `--release` may give it: its own, and those of the releases that were joined to it. */
export function isCalled(installation: Installation, name: string): boolean {
  const joined = installation.members.map((member) => releaseOf(member.workload));
  return installationName(installation) === name || joined.includes(name);
}
