/** Reads a blueprint from YAML. All problems come together, each with its line; no value is quoted in them. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, YAMLMap } from 'yaml';
import { LfctlError } from '../../errors/error.ts';
import { didYouMean } from '../../errors/suggest.ts';
import { retentionProblem } from '../retention.ts';
import type { Blueprint, WantedProject, WantedTeam } from './blueprint.ts';
import { usualProjects } from './blueprint.ts';

interface Problem {
  readonly line: number;
  readonly message: string;
}

type Complain = (node: unknown, message: string) => void;

/** @param path for the message @throws LfctlError TEAMS_FILE */
export function parseBlueprint(text: string, path: string): Blueprint {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: `not valid YAML: ${(error.message.split('\n')[0] ?? '').replace(/:$/, '')}`,
  }));
  const complain: Complain = (node, message) => {
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    problems.push({ line: lines.linePos(offset).line, message });
  };
  const blueprint = problems.length > 0 ? null : readRoot(document.contents, complain);
  if (blueprint !== null && problems.length === 0) return blueprint;
  const sorted = problems.toSorted((left, right) => left.line - right.line);
  const count = sorted.length === 1 ? '1 problem' : `${String(sorted.length)} problems`;
  const listed = sorted.map(({ line, message }) => `  line ${String(line)}: ${message}`);
  throw new LfctlError('TEAMS_FILE', { message: [`${path} has ${count}:`, ...listed].join('\n') });
}

const isNode = (node: unknown): node is Node => isMap(node) || isSeq(node) || isScalar(node);

function readRoot(root: unknown, complain: Complain): Blueprint | null {
  if (!isMap(root)) {
    complain(root, 'organization, projects and teams belong here');
    return null;
  }
  const fields = fieldsOf(root, ['organization', 'projects', 'teams'], complain);
  const organization = fields.get('organization');
  const projects = fields.get('projects');
  const teams = fields.get('teams');
  return {
    organization: organization === undefined ? null : textOf(organization, 'organization', complain),
    projects:
      projects === undefined
        ? usualProjects
        : listOf(projects, 'projects', complain, (node) => readProject(node, complain)),
    teams: teams === undefined ? [] : listOf(teams, 'teams', complain, (node) => readTeam(node, complain)),
  };
}

/** Values by key; a key that is none of these, or stands twice, is a problem. */
function fieldsOf(map: YAMLMap, known: readonly string[], complain: Complain): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (known.includes(name)) fields.set(name, value);
    else
      complain(
        key,
        `'${name}' is not known here; ${didYouMean(name, known) ?? `known: ${known.join(', ')}`}`,
      );
  }
  return fields;
}

function textOf(node: unknown, what: string, complain: Complain): string | null {
  if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
  complain(node, `${what}: a text is needed`);
  return null;
}

/** Names in it must differ: the second would be lost. */
function listOf<Item extends { readonly name: string }>(
  node: unknown,
  what: string,
  complain: Complain,
  read: (node: unknown) => Item | null,
): Item[] {
  if (!isSeq(node) || node.items.length === 0) {
    complain(node, `${what}: a list is needed`);
    return [];
  }
  const items: Item[] = [];
  for (const one of node.items) {
    const item = read(one);
    if (item === null) continue;
    if (items.some(({ name }) => name === item.name))
      complain(one, `${what}: '${item.name}' stands here twice`);
    items.push(item);
  }
  return items;
}

/** `production`, or `{ name: production, retention: 90 }`. */
function readProject(node: unknown, complain: Complain): WantedProject | null {
  if (!isMap(node)) return named(textOf(node, 'a project', complain));
  const fields = fieldsOf(node, ['name', 'retention'], complain);
  const found = named(textOf(fields.get('name') ?? node, 'name', complain));
  const days = fields.get('retention');
  if (found === null || days === undefined) return found;
  const value = isScalar(days) ? days.value : null;
  const problem = typeof value === 'number' ? retentionProblem(value) : 'a number of days is needed';
  if (problem !== null || typeof value !== 'number') {
    complain(days, `retention: ${problem ?? ''}`);
    return found;
  }
  return { ...found, retentionDays: value };
}

const named = (name: string | null): { readonly name: string } | null => (name === null ? null : { name });

/** `search`, or `{ name: search, toSecret: search/langfuse-{project} }`. */
function readTeam(node: unknown, complain: Complain): WantedTeam | null {
  if (!isMap(node)) return named(textOf(node, 'a team', complain));
  const fields = fieldsOf(node, ['name', 'toSecret'], complain);
  const found = named(textOf(fields.get('name') ?? node, 'name', complain));
  const secret = fields.get('toSecret');
  const toSecret = secret === undefined ? null : textOf(secret, 'toSecret', complain);
  if (toSecret !== null && !/^[^/\s]+\/[^/\s]+$/.test(toSecret))
    complain(secret, 'toSecret: NAMESPACE/NAME of a Secret is needed');
  return found === null || toSecret === null ? found : { ...found, toSecret };
}
