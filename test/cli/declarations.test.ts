/** What commands declare about themselves has to hold: names, examples, formats, and every lfctl line in the words. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/cli/command.ts';
import { explain } from '../../src/cli/explain.ts';
import { globalOptions } from '../../src/cli/globals.ts';
import { pathsOf } from '../../src/cli/paths.ts';
import { parseArgv } from '../../src/cli/program.ts';
import { commands as registered } from '../../src/commands/index.gen.ts';
import type { ErrorEntry } from '../../src/errors/entry.ts';
import { errorCatalog } from '../../src/errors/catalog.ts';

const commands = registered as unknown as readonly Command[];

/** The words of the first lfctl line in a text, quotes taken off. */
function wordsOf(line: string): string[] {
  const own = /lfctl ([^|;&)]*)/.exec(line)?.[1] ?? '';
  return [...own.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

const parses = (line: string): void => {
  expect(() => parseArgv(wordsOf(line), commands), line).not.toThrow();
};

describe('commands', () => {
  it('have paths of their own', () => {
    const paths = commands.flatMap((command) => pathsOf(command).map((path) => path.join(' ')));
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('have no flag that a global one would swallow', () => {
    const shorts = new Set([
      'h',
      'V',
      ...Object.values(globalOptions).flatMap((spec) => ('short' in spec ? [spec.short] : [])),
    ]);
    for (const { path, options } of commands)
      for (const [name, spec] of Object.entries(options)) {
        expect(Object.keys(globalOptions), `${path.join(' ')} --${name}`).not.toContain(name);
        if (spec.short !== undefined)
          expect([...shorts], `${path.join(' ')} -${spec.short}`).not.toContain(spec.short);
      }
  });

  it('say when to use them, with examples that can be typed', () => {
    for (const { path, summary, when, examples } of commands) {
      expect(summary, path.join(' ')).toMatch(/^[A-Z].*[^.]$/);
      expect(when.length, path.join(' ')).toBeGreaterThan(20);
      expect(examples.length, path.join(' ')).toBeGreaterThan(0);
      for (const { line } of examples) parses(line);
    }
  });
});

describe('lines of lfctl in the words', () => {
  it('of errors can be typed', () => {
    const entries: readonly ErrorEntry[] = Object.values(errorCatalog);
    const lines = entries
      .flatMap(({ fixes }) => fixes.flatMap(({ command }) => command ?? []))
      .filter((line) => line.startsWith('lfctl '));
    expect(lines.length).toBeGreaterThan(5);
    lines.forEach(parses);
  });

  it('of topics can be typed, and what they point at is there', async () => {
    const files = await readdir('docs/topics');
    const texts = await Promise.all(files.map(async (file) => await readFile(`docs/topics/${file}`, 'utf8')));
    const lines = texts
      .flatMap((text) => text.match(/^ {4}lfctl .*$|`lfctl [^`]+`|\| lfctl [^|]+|See also: .*$/gm) ?? [])
      .flatMap((line) => line.replaceAll('`', '').split(';'))
      .filter((line) => line.includes('lfctl '));
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      parses(line);
      const name = /lfctl explain (\S+)/.exec(line)?.[1];
      if (name !== undefined) expect(await explain(name), line).toBeDefined();
    }
  });
});
