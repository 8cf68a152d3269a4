// Writes the indexes that are made from file names: adding a check, fact, fault or command is one new file.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

const check = process.argv.includes('--check');
const header = '// Made from file names by `npm run generate`. Do not edit.\n';
let stale = 0;

async function files(folder) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await files(path)));
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.gen.ts') && !entry.name.startsWith('_'))
      found.push(path);
  }
  return found.sort((left, right) => left.localeCompare(right));
}

const camel = (text) => text.replace(/[-/](\w)/g, (_, letter) => letter.toUpperCase());

/** One module a file; the file exports one definition named by its path. */
async function index(folder, exported, suffix, extra) {
  const rows = [];
  for (const file of await files(folder)) {
    const id = relative(folder, file).replace(/\.ts$/, '');
    const source = await readFile(file, 'utf8');
    const name = `${camel(id)}${suffix}`;
    if (!source.includes(`export const ${name} `) && !source.includes(`export const ${name}=`))
      throw new Error(`${file} must export const ${name}`);
    rows.push({ id, name });
  }
  const imports = rows.map(({ id, name }) => `import { ${name} } from './${id}.ts';`).join('\n');
  const list = rows.map(({ name }) => `  ${name},`).join('\n');
  const text = `${header}${imports}\n\nexport const ${exported} = [\n${list}\n] as const;\n${extra(rows)}`;
  await put(join(folder, 'index.gen.ts'), text);
}

async function put(file, text) {
  const old = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (old === text) return;
  if (check) {
    process.stderr.write(`${file} is stale: run npm run generate\n`);
    stale += 1;
  } else await writeFile(file, text);
}

await index('src/doctor/facts', 'facts', 'Fact', (rows) =>
  [
    '',
    '/** Value of each fact by its id. */',
    'export interface FactValues {',
    ...rows.map(({ id, name }) => `  '${id}': Awaited<ReturnType<(typeof ${name})['collect']>>;`),
    '}',
    '',
  ].join('\n'),
);
await index('src/doctor/checks', 'checks', 'Check', () => '');
await index('src/commands', 'commands', 'Command', () => '');
await index('src/sandbox/faults', 'faults', 'Fault', () => '');
process.exitCode = stale > 0 ? 1 : 0;
