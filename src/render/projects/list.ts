import type { TextStyle } from '../../cli/command.ts';
import type { Project, ProjectListing } from '../../projects/project.ts';
import type { Organization } from '../../tenancy/organizations.ts';
import { cleanText } from '../clean.ts';
import { tableText, wrapPainted } from '../table.ts';

/** Projects by organisation, then why some of it is not known. */
export function projectsText(listing: ProjectListing, style: TextStyle): string {
  const { projects, unknown } = listing;
  const head = ['organisation', 'project', 'id', 'traces (24 h)', 'keys', 'kept', 'created', ''];
  const table = tableText(head, projects.map(cells), style);
  const shown = projects.length === 0 ? 'there is no project\n' : table;
  return `${shown}${unknownText(unknown, style)}`;
}

function cells(project: Project): string[] {
  const { organization, name, id, tracesLastDay, keys, createdAt, deletionPendingSince } = project;
  return [
    cleanText(organization?.name ?? '?'),
    cleanText(name),
    id,
    numberText(tracesLastDay),
    numberText(keys),
    keptText(project),
    createdAt.slice(0, 10),
    deletionPendingSince === null ? '' : `being deleted since ${deletionPendingSince}`,
  ];
}

/** A number, or that it is not known. */
export const numberText = (value: number | null): string => (value === null ? '?' : String(value));

/** How long traces are kept. */
export function keptText({ organization, retentionDays }: Project): string {
  // The API of organisations says neither.
  if (organization === null) return '?';
  return retentionDays === null ? 'for ever' : `${String(retentionDays)} days`;
}

const fieldNames: Readonly<Record<keyof ProjectListing['unknown'], string>> = {
  organization: 'organisation',
  retentionDays: 'kept',
  keys: 'keys',
  tracesLastDay: 'traces (24 h)',
};

/** A line for each field that could not be told. */
export function unknownText(unknown: ProjectListing['unknown'], style: TextStyle): string {
  return Object.entries(fieldNames)
    .flatMap(([field, title]) => {
      const why = unknown[field as keyof typeof fieldNames];
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
