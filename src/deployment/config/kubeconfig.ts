/** The names in a kubeconfig, for proposals and completion. Connecting is the adapter's. */
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';

/** A context as a kubeconfig names it. */
export interface ContextEntry {
  readonly name: string;
  readonly namespace: string | null;
  readonly current: boolean;
}

interface Place {
  readonly kubeconfig: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | null;
}

/** Contexts of all files that kubectl would read; files that are missing or broken give none. */
export async function kubeContexts(place: Place): Promise<ContextEntry[]> {
  const files = await Promise.all(filesOf(place).map(readContexts));
  const current = files.map((file) => file.current).find((name) => name !== null) ?? null;
  const seen = new Map<string, string | null>();
  for (const { contexts } of files)
    for (const { name, namespace } of contexts) if (!seen.has(name)) seen.set(name, namespace);
  return [...seen].map(([name, namespace]) => ({ name, namespace, current: name === current }));
}

function filesOf({ kubeconfig, env, homeFolder }: Place): string[] {
  if (kubeconfig !== null) return [kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) return listed;
  return homeFolder === null ? [] : [join(homeFolder, '.kube', 'config')];
}

interface ContextFile {
  readonly contexts: readonly { readonly name: string; readonly namespace: string | null }[];
  readonly current: string | null;
}

async function readContexts(path: string): Promise<ContextFile> {
  try {
    const found: unknown = parse(await readFile(path, 'utf8'), { logLevel: 'silent' });
    const contexts = asArray(asRecord(found)['contexts']).map(asRecord);
    const current = asRecord(found)['current-context'];
    return {
      contexts: contexts.flatMap(contextOf),
      current: typeof current === 'string' && current !== '' ? current : null,
    };
  } catch {
    return { contexts: [], current: null };
  }
}

function contextOf(entry: Readonly<Record<string, unknown>>): { name: string; namespace: string | null }[] {
  const namespace = asRecord(entry['context'])['namespace'];
  if (typeof entry['name'] !== 'string') return [];
  return [{ name: entry['name'], namespace: typeof namespace === 'string' ? namespace : null }];
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
