/** What lfctl knows about a name, offline: errors, checks, exit codes, faults and topics. docs/ is made of the same. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorEntry } from '../errors/entry.ts';
import { errorCatalog } from '../errors/catalog.ts';
import { exitCodes, exitMeanings } from '../errors/exit.ts';
import type { ExitName } from '../errors/exit.ts';
import { didYouMean } from '../errors/suggest.ts';
import { packageFolder } from './package.ts';
import { usage } from './values.ts';

/** `data` of kind Explain. */
export interface Explanation {
  /** As it is to be written: `POSTGRES_AUTH`, `redis/reachable`, `incomplete`, `keep-alive`. */
  readonly id: string;
  readonly type: 'error' | 'check' | 'exit' | 'fault' | 'topic';
  readonly title: string;
  readonly text: string;
  /** Short facts: severity, exit code, versions it holds for. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly fixes: readonly { readonly text: string; readonly command?: string }[];
  /** Names that `lfctl explain` knows too. */
  readonly related: readonly string[];
}

/** Everything that can be explained. */
export async function explainable(): Promise<Explanation[]> {
  const parts = await Promise.all([checkExplanations(), faultExplanations(), topicExplanations()]);
  const [checks, faults, topics] = parts;
  return [...topics, ...checks, ...faults, ...errorExplanations(), ...exitExplanations()];
}

/** All names of a type (`checks`, `faults`), or of an area of checks (`redis`); null where it is neither. */
export async function explainGroup(asked: string): Promise<Explanation[] | null> {
  const word = asked.toLowerCase();
  const all = await explainable();
  const group = all.filter(
    ({ id, type }) => word === type || word === `${type}s` || id.startsWith(`${word}/`),
  );
  return group.length === 0 || all.some(({ id }) => id === word) ? null : group;
}

/** @throws LfctlError USAGE, with the nearest names */
export async function explain(asked: string): Promise<Explanation> {
  const all = await explainable();
  const byCode = Object.entries(exitCodes).find(([, code]) => String(code) === asked)?.[0];
  // USAGE is an error, usage an exit: letters count first.
  const found =
    all.find(({ id }) => id === asked || id === byCode) ??
    all.find(({ id }) => id.toLowerCase() === asked.toLowerCase());
  if (found !== undefined) return found;
  const ids = all.map(({ id }) => id);
  throw usage(`nothing is called '${asked}'`, didYouMean(asked, ids) ?? 'lfctl explain lists all names');
}

function errorExplanations(): Explanation[] {
  const entries: readonly (readonly [string, ErrorEntry])[] = Object.entries(errorCatalog);
  return entries.map(([id, { title, meaning, exit, fixes }]) => ({
    id,
    type: 'error',
    title,
    text: meaning,
    facts: [{ name: 'exit', value: `${String(exitCodes[exit])} (${exit})` }],
    fixes,
    related: [exit],
  }));
}

function exitExplanations(): Explanation[] {
  return (Object.keys(exitCodes) as ExitName[]).map((name) => ({
    id: name,
    type: 'exit',
    title: exitMeanings[name],
    text: `A run that ends so has exit code ${String(exitCodes[name])}, in every output format.`,
    facts: [{ name: 'exit', value: String(exitCodes[name]) }],
    fixes: [],
    related: ['exit-codes'],
  }));
}

/** What a check declares, of it what can be said offline. */
interface CheckWords {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly severity: string;
  readonly explains: readonly string[];
  readonly appliesTo?: {
    readonly generations?: readonly number[];
    readonly versions?: string;
    readonly modes?: readonly string[];
  };
}

async function checkExplanations(): Promise<Explanation[]> {
  const { checks } = await import('../doctor/checks/index.gen.ts');
  const all: readonly CheckWords[] = checks;
  return all.map((check) => ({
    id: check.id,
    type: 'check',
    title: check.title,
    text: check.why,
    facts: checkFacts(check, all),
    fixes: [{ text: 'judge this alone', command: `lfctl doctor --only ${check.id} -v` }],
    related: check.explains,
  }));
}

function checkFacts(check: CheckWords, all: readonly CheckWords[]): Explanation['facts'] {
  const { generations, versions, modes } = check.appliesTo ?? {};
  const causes = all.filter((other) => other.explains.includes(check.id)).map((other) => other.id);
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['severity', [check.severity]],
    ['Langfuse', (generations ?? []).map(String)],
    ['versions', versions === undefined ? [] : [versions]],
    ['modes', modes ?? []],
    ['would cause', check.explains],
    ['would be caused by', causes],
  ];
  return facts
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => ({ name, value: values.join(', ') }));
}

async function faultExplanations(): Promise<Explanation[]> {
  const { faults } = await import('../sandbox/faults/index.gen.ts');
  return faults.map((fault) => ({
    id: fault.name,
    type: 'fault',
    title: fault.summary,
    text: `A fault to practise on in the sandbox: doctor puts ${fault.firstVerdict} first.`,
    facts: [
      { name: 'area', value: fault.area },
      { name: 'Langfuse', value: fault.generations.join(', ') },
      { name: 'layouts', value: fault.layouts.join(', ') },
    ],
    fixes: [
      { text: 'break it', command: `lfctl sandbox break ${fault.name}` },
      { text: 'mend it', command: `lfctl sandbox mend ${fault.name}` },
    ],
    related: [fault.firstVerdict],
  }));
}

async function topicExplanations(): Promise<Explanation[]> {
  const folder = join(packageFolder(), 'docs', 'topics');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  return await Promise.all(
    files.map(async (file) => topicOf(file, await readFile(join(folder, file), 'utf8'))),
  );
}

/** A topic is a Markdown file: a heading, then the text. */
function topicOf(file: string, markdown: string): Explanation {
  const [heading = '', ...rest] = markdown.replaceAll(/^<!--.*-->\n/gm, '').split('\n');
  return {
    id: file.slice(0, -'.md'.length),
    type: 'topic',
    title: heading.replace(/^#\s*/, ''),
    text: rest.join('\n').trim(),
    facts: [],
    fixes: [],
    related: [],
  };
}
