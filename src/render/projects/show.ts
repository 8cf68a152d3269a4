import type { TextStyle } from '../../cli/command.ts';
import type { ProjectDetails } from '../../projects/show.ts';
import { cleanText } from '../clean.ts';
import { keyValueText, tableText } from '../table.ts';
import { keptText, numberText, unknownText } from './list.ts';

/** One project: what it is, who has a role in it, and its keys. */
export function projectText(details: ProjectDetails, style: TextStyle): string {
  const { project, keys, members, unknown } = details;
  const pairs: [string, string][] = [
    ['project', `${cleanText(project.name)} (${project.id})`],
    ['organisation', organizationText(details)],
    ['created', project.createdAt],
    ['traces/day', numberText(project.tracesLastDay)],
    ['traces kept', keptText(project)],
    ['members', members === null ? '?' : membersText(members)],
    ['API keys', numberText(project.keys)],
  ];
  if (project.deletionPendingSince !== null)
    pairs.push(['being deleted', `since ${project.deletionPendingSince}`]);
  if (details.provisionedBy !== null)
    pairs.push(['made again by', `${details.provisionedBy}, at each start of web`]);
  const table = tableText(
    ['public key', 'note', 'created'],
    keys.map(({ publicKey, note, createdAt }) => [publicKey, cleanText(note ?? ''), createdAt.slice(0, 10)]),
    style,
  );
  return [keyValueText(pairs, style), table, unknownText(unknown, style)]
    .filter((part) => part !== '')
    .join('\n');
}

const organizationText = ({ project: { organization } }: ProjectDetails): string =>
  organization === null ? '?' : `${cleanText(organization.name)} (${organization.id})`;

const membersText = (members: NonNullable<ProjectDetails['members']>): string =>
  members.length === 0 ? 'none' : members.map(({ role, count }) => `${String(count)} ${role}`).join(', ');
