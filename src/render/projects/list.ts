import type { TextStyle } from '../../cli/command.ts';
import type { Project, ProjectListing, UnknownField } from '../../projects/project.ts';
import type { Organization } from '../../tenancy/organizations.ts';
import { cleanText } from '../clean.ts';
import { paint } from '../paint.ts';
import { tableText, wrapPainted } from '../table.ts';

/** A table for each organisation, then why some of it is not known. */
export function projectsText(listing: ProjectListing, style: TextStyle): string {
  const { projects, unknown } = listing;
  const ids = [...new Set(projects.map(({ organization }) => organization?.id))];
  const parts = ids.map((id) =>
    tableOf(
      projects.filter(({ organization }) => organization?.id === id),
      style,
    ),
  );
  const shown = parts.length === 0 ? ['there is no project\n'] : parts;
  return [...shown, unknownText(unknown, style)].filter((part) => part !== '').join('\n');
}

function tableOf(projects: readonly Project[], style: TextStyle): string {
  const organization = projects[0]?.organization ?? null;
  const name = organization === null ? "projects of the key's organisation" : cleanText(organization.name);
  const head = ['project', 'id', 'traces/day', 'keys', 'kept', 'created'];
  return `${paint(style.color).bold(name)}\n${tableText(head, projects.map(cells), style)}`;
}

function cells(project: Project): string[] {
  const { name, id, tracesLastDay, keys, createdAt, deletionPendingSince } = project;
  const ending = deletionPendingSince === null ? '' : ' (being deleted)';
  return [
    `${cleanText(name)}${ending}`,
    id,
    numberText(tracesLastDay),
    numberText(keys),
    keptText(project),
    createdAt.slice(0, 10),
  ];
}

/** A number, or that it is not known. */
export const numberText = (value: number | null): string => (value === null ? '?' : String(value));

/** How long traces are kept. */
export function keptText({ organization, retentionDays }: Project): string {
  // The API of organisations says neither.
  if (organization === null) return '?';
  return retentionDays === null ? 'all' : `${String(retentionDays)} d`;
}

const fieldNames: readonly (readonly [UnknownField, string])[] = [
  ['organization', 'organisation'],
  ['retentionDays', 'how long traces are kept'],
  ['keys', 'keys'],
  ['tracesLastDay', 'traces/day'],
];

/** A line for each field that could not be told. */
export function unknownText(unknown: ProjectListing['unknown'], style: TextStyle): string {
  return fieldNames
    .flatMap(([field, title]) => {
      const why = unknown[field];
      return why === undefined ? [] : wrapPainted(`${title} is not known: ${cleanText(why)}`, style.columns);
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** For TSV: organisation, name, id, traces, keys, retention in days, created, deletion since. Empty where not known. */
export function projectRows({ projects }: ProjectListing): string[][] {
  return projects.map((project) => [
    project.organization?.name ?? '',
    project.name,
    project.id,
    plain(project.tracesLastDay),
    plain(project.keys),
    plain(project.retentionDays),
    project.createdAt,
    project.deletionPendingSince ?? '',
  ]);
}

const plain = (value: number | null): string => (value === null ? '' : String(value));

/** Organisations with what belongs to them. */
export function organizationsText(organizations: readonly Organization[], style: TextStyle): string {
  if (organizations.length === 0) return 'there is no organisation\n';
  const head = ['organisation', 'id', 'projects', 'members', 'own keys', 'created'];
  return tableText(
    head,
    organizations.map(({ name, id, projects, members, keys, createdAt }) => [
      cleanText(name),
      id,
      String(projects),
      String(members),
      String(keys),
      createdAt.slice(0, 10),
    ]),
    style,
  );
}

/** For TSV: name, id, projects, members, keys, created. */
export function organizationRows(organizations: readonly Organization[]): string[][] {
  return organizations.map(({ name, id, projects, members, keys, createdAt }) => [
    name,
    id,
    String(projects),
    String(members),
    String(keys),
    createdAt,
  ]);
}
