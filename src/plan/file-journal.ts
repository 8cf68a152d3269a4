import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LfctlError } from '../errors/error.ts';
import type { Journal, JournalEntry, JournalRun } from './journal.ts';

/** A journal in files of this user (0600), one per run; each line is on the disk before the step goes on. */
export function fileJournal(folder: string): Journal {
  const fileOf = (run: string): string => join(folder, `${run}.jsonl`);
  return {
    place: folder,
    append: async (run, entry) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(fileOf(run), 'a', 0o600);
        try {
          // A run that was killed may have left half a line.
          const start = entry.event === 'resume' ? '\n' : '';
          await file.appendFile(`${start}${JSON.stringify(entry)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw journalError(folder, error);
      }
    },
    runs: async () => {
      const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.jsonl')).sort();
      return await Promise.all(files.map(async (file) => await readRun(folder, file)));
    },
    drop: async (run) => await rm(fileOf(run), { force: true }),
  };
}

async function readRun(folder: string, file: string): Promise<JournalRun> {
  try {
    return {
      id: file.slice(0, -'.jsonl'.length),
      entries: parseLines(await readFile(join(folder, file), 'utf8')),
    };
  } catch (error) {
    throw journalError(folder, error);
  }
}

/** A line that was cut by a kill or a full disk tells nothing; what stands around it counts. */
export function parseLines(text: string): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line) as JournalEntry);
    } catch {
      continue;
    }
  }
  return entries;
}

const journalError = (folder: string, cause: unknown): LfctlError =>
  new LfctlError('JOURNAL', {
    message: `the journal in ${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
