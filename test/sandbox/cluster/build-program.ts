import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface Built {
  /** The pods' program, as the package ships it. */
  readonly entry: string;
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/**
 * The bundle in dist when it is newer than the sources, else one of its own.
 * @param others programs of a test, bundled too: name → source file
 */
export async function buildProgram(others: Readonly<Record<string, string>> = {}): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-program-'));
  const shipped = resolve('dist/sandbox-program.js');
  const fresh = await isNewer(shipped, 'src');
  const own = join(folder, 'dist');
  if (!fresh)
    await promisify(execFile)(process.execPath, ['build.mjs'], { env: { ...process.env, OUT: own } });
  if (Object.keys(others).length > 0) await bundle(others, folder);
  return {
    entry: fresh ? shipped : join(own, 'sandbox-program.js'),
    folder,
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}

async function bundle(entryPoints: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  const js = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";
  await build({
    entryPoints: { ...entryPoints },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
    banner: { js },
  });
}

async function isNewer(file: string, sources: string): Promise<boolean> {
  const built = await stat(file).catch(() => null);
  if (built === null) return false;
  const names = await readdir(sources, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(join(sources, name))).mtimeMs));
  return times.every((time) => time < built.mtimeMs);
}
