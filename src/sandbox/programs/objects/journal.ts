import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreChange } from './records.ts';

/** The store's changes on disk, one JSON line each: what was answered survives a kill. */
export interface Journal {
  /** Writes before it returns. @throws ENOSPC and the like */
  readonly append: (change: StoreChange) => void;
  readonly close: () => void;
}

const fileName = 'journal.jsonl';

/** Changes of earlier runs; a last line that a kill cut short is left out. */
export async function* readJournal(folder: string): AsyncIterable<StoreChange> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return;
  const file = await open(path);
  try {
    for await (const line of file.readLines()) {
      const change = parseLine(line);
      if (change !== null) yield change;
    }
  } finally {
    await file.close();
  }
}

/** Starts a new journal that begins with what there is, in place of the old one. */
export function startJournal(folder: string, state: Iterable<StoreChange>): Journal {
  const path = join(folder, fileName);
  const fresh = `${path}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  const append = (change: StoreChange): void =>
    writeAll(descriptor, Buffer.from(`${JSON.stringify(change)}\n`));
  for (const change of state) append(change);
  renameSync(fresh, path);
  return { append, close: () => closeSync(descriptor) };
}

/** A full disk can take a part of a line; the newline that the next line begins with keeps that one readable. */
function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (cause) {
    if (written > 0) writeNewline(descriptor);
    throw cause;
  }
}

function writeNewline(descriptor: number): void {
  try {
    writeSync(descriptor, '\n');
  } catch {
    // The disk has no room for one byte either: the next line is lost with this one.
  }
}

function parseLine(line: string): StoreChange | null {
  try {
    return JSON.parse(line) as StoreChange;
  } catch {
    return null;
  }
}
