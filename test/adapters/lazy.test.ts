import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Files that a file imports when it is loaded: no types, no import(). */
async function loads(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const found = text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^']+)'/gm);
  return [...found].map((match) => match[1] ?? '');
}

async function reachable(file: string, seen = new Set<string>()): Promise<Set<string>> {
  seen.add(file);
  for (const name of await loads(file)) {
    const target = name.startsWith('.') ? join(dirname(file), name) : name;
    if (seen.has(target)) continue;
    if (name.startsWith('.')) await reachable(target, seen);
    else seen.add(target);
  }
  return seen;
}

describe('the wire between ports and adapters', () => {
  it('loads no adapter and no vendor before one is opened', async () => {
    const found = [...(await reachable('src/cli/wire.ts'))].filter((one) => one !== 'src/cli/wire.ts');
    expect(found).toEqual([]);
  });

  it('would see a vendor that is loaded', async () => {
    const found = await reachable('src/adapters/redis.ts');
    expect(found).toContain('ioredis');
  });
});
