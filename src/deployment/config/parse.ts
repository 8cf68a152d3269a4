import * as v from 'valibot';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { didYouMean } from '../../errors/suggest.ts';
import { unknownKeys } from './unknown-keys.ts';
import { configSchema } from './schema.ts';
import type { ConfigFile } from './schema.ts';

/** One thing that is wrong with the file. */
export interface ConfigProblem {
  readonly line: number;
  /** Never holds a value of the file: it may be a secret in the wrong place. */
  readonly message: string;
}

/** The file with the line of each of its values. */
export interface ParsedConfig {
  readonly file: ConfigFile;
  readonly problems: readonly ConfigProblem[];
  /** Line of a key, from 1; the last known ancestor's when it is not there. */
  readonly lineOf: (path: readonly string[]) => number;
}

/**
 * Reads the text of a configuration file. Never throws: all problems come together.
 * Who is about to set `current` need not mind what it is.
 */
export function parseConfig(
  text: string,
  { ignoreCurrent = false }: { readonly ignoreCurrent?: boolean } = {},
): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (path: readonly string[]): number => lines.linePos(offsetOf(document, path)).line;
  const broken = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: yamlProblem(error.message),
  }));
  if (broken.length > 0) return { file: {}, problems: broken, lineOf };
  const value = valueOf(document);
  const result = v.safeParse(configSchema, value);
  // The parser stops at the first unknown key of a map; ours does not.
  const values = (result.issues ?? []).filter((issue) => issue.expected !== 'never').map(problemAt);
  const keys = unknownKeys(configSchema, value, []);
  const file = result.success && keys.length === 0 ? result.output : {};
  const found = [...values, ...keys, ...(ignoreCurrent ? [] : danglingCurrent(value))];
  const problems = found.map(({ path, message }) => ({ line: lineOf(path), message }));
  return { file, problems: problems.sort(byLine), lineOf };
}

/** Anchors that refer to themselves, or grow without end, have no value. */
function valueOf(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    return null;
  }
}

const byLine = (left: ConfigProblem, right: ConfigProblem): number => left.line - right.line;

/** The parser quotes the text near the fault, which may be a secret. */
const yamlProblem = (message: string): string =>
  `not valid YAML: ${(message.split('\n')[0] ?? '').replace(/:$/, '')}`;

function offsetOf(document: Document, path: readonly string[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isNode(item.key) && String(item.key.toJSON()) === key);
    if (pair === undefined || !isNode(pair.key)) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

interface Found {
  readonly path: readonly string[];
  readonly message: string;
}

function problemAt(issue: v.BaseIssue<unknown>): Found {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const where = path.join('.');
  return { path, message: where === '' ? issue.message : `${where}: ${issue.message}` };
}

/** Judged on what was read, so that it is reported beside all other problems. */
function danglingCurrent(value: unknown): Found[] {
  const { current, deployments } = asRecord(value);
  const names = Object.keys(asRecord(deployments));
  if (typeof current !== 'string' || current === '' || names.includes(current)) return [];
  const known = didYouMean(current, names) ?? `known: ${names.join(', ') || 'none'}`;
  return [{ path: ['current'], message: `current: no deployment has this name; ${known}` }];
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
