import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Room → rooms it may import from. A room may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  errors: [],
  ports: ['deployment'],
  deployment: ['ports', 'errors'],
  adapters: ['ports', 'deployment', 'errors'],
  doctor: ['ports', 'deployment', 'errors'],
  status: ['ports', 'deployment', 'errors', 'doctor'],
  validate: ['ports', 'deployment', 'errors', 'doctor', 'keys', 'tenancy'],
  plan: ['ports', 'errors'],
  tenancy: ['ports', 'deployment', 'errors', 'doctor', 'plan'],
  keys: ['ports', 'deployment', 'errors', 'plan', 'tenancy'],
  projects: ['ports', 'deployment', 'errors', 'plan', 'tenancy', 'keys'],
  users: ['ports', 'deployment', 'errors', 'plan', 'tenancy', 'keys'],
  render: [
    'errors',
    'cli',
    'doctor',
    'deployment',
    'status',
    'validate',
    'plan',
    'users',
    'projects',
    'keys',
    'tenancy',
  ],
  commands: [
    'cli',
    'deployment',
    'doctor',
    'errors',
    'render',
    'status',
    'validate',
    'sandbox',
    'plan',
    'users',
    'projects',
    'keys',
    'tenancy',
  ],
  cli: [
    'commands',
    'deployment',
    'errors',
    'ports',
    'render',
    'adapters',
    'doctor',
    'sandbox',
    'plan',
    'tenancy',
  ],
  sandbox: ['ports', 'deployment', 'errors'],
};

/** Vendors and the only room (or file) that may import them. */
const vendors: Readonly<Record<string, readonly string[]>> = {
  '@opentelemetry/api': ['src/adapters/'],
  '@opentelemetry/otlp-transformer': ['src/adapters/'],
  '@opentelemetry/sdk-trace-base': ['src/adapters/'],
  pg: ['src/adapters/', 'src/sandbox/'],
  minio: ['src/adapters/'],
  ioredis: ['src/adapters/', 'src/sandbox/'],
  '@clickhouse/client': ['src/adapters/'],
  '@kubernetes/client-node': ['src/adapters/'],
  execa: ['src/sandbox/'],
  bullmq: ['src/sandbox/'],
  bcryptjs: ['src/keys/', 'src/sandbox/'],
  wasmoon: ['src/sandbox/'],
  'fast-xml-parser': ['src/sandbox/'],
  ws: ['src/adapters/', 'src/sandbox/'],
  commander: ['src/cli/'],
  'cli-table3': ['src/render/'],
  chalk: ['src/render/'],
  '@inquirer/prompts': ['src/cli/'],
  semver: ['src/doctor/', 'src/sandbox/'],
};

async function sources(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await sources(path)));
    else if (path.endsWith('.ts')) found.push(path);
  }
  return found;
}

interface Import {
  readonly file: string;
  readonly from: string;
}

async function imports(): Promise<Import[]> {
  const all: Import[] = [];
  for (const file of await sources('src')) {
    const text = await readFile(file, 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (match[1] !== undefined) all.push({ file, from: match[1] });
    }
  }
  return all;
}

const room = (file: string): string => (file === 'src/main.ts' ? 'main' : (file.split('/')[1] ?? ''));

/** Imports that lead from one room of src into another. */
async function doors(): Promise<{ readonly file: string; readonly target: string }[]> {
  return (await imports())
    .filter(({ from }) => from.startsWith('.'))
    .map(({ file, from }) => ({ file, target: normalize(join(dirname(file), from)) }))
    .filter(({ file, target }) => room(file) !== room(target) && target.startsWith('src/'));
}

/** Imports of packages, by the package's name. */
async function vendorImports(): Promise<{ readonly file: string; readonly name: string }[]> {
  return (await imports())
    .filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'))
    .map(({ file, from }) => ({
      file,
      name: from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/'),
    }));
}

describe('the house', () => {
  it('imports only along the allowed ways', async () => {
    const wrong = (await doors())
      .filter(({ file, target }) => !(allowed[room(file)] ?? []).includes(room(target)))
      .map(({ file, target }) => `${file} → ${relative('.', target)}`);
    expect(wrong).toEqual([]);
  });

  it('allows no way and no place that nobody uses', async () => {
    const used = new Set((await doors()).map(({ file, target }) => `${room(file)} → ${room(target)}`));
    const ways = Object.entries(allowed).flatMap(([from, to]) => to.map((each) => `${from} → ${each}`));
    expect(ways.filter((way) => !used.has(way))).toEqual([]);
    const packages = await vendorImports();
    const places = Object.entries(vendors).flatMap(([name, to]) => to.map((place) => ({ name, place })));
    const unused = places.filter(
      ({ name, place }) => !packages.some((each) => each.name === name && each.file.startsWith(place)),
    );
    expect(unused).toEqual([]);
  });

  it('imports vendors only where they belong', async () => {
    const wrong = (await vendorImports())
      .filter(({ file, name }) => vendors[name]?.some((place) => file.startsWith(place)) === false)
      .map(({ file, name }) => `${file} → ${name}`);
    expect(wrong).toEqual([]);
  });

  it('lets checks see facts by their types alone', async () => {
    const wrong: string[] = [];
    for (const file of await sources('src/doctor/checks')) {
      const text = await readFile(file, 'utf8');
      if (/^import (?!type).*\/(facts|ports|adapters)\//m.test(text)) wrong.push(file);
    }
    expect(wrong).toEqual([]);
  });

  it('has no file over 300 lines', async () => {
    const long: string[] = [];
    for (const file of await sources('src')) {
      const lines = (await readFile(file, 'utf8')).split('\n').length;
      if (lines > 300 && !file.endsWith('.gen.ts')) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
  });

  it('says process and console only where the process is', async () => {
    const wrong: string[] = [];
    for (const file of await sources('src')) {
      if (/^src\/(main\.ts|sandbox\/[a-z-]+-main\.ts)$/.test(file)) continue;
      const text = await readFile(file, 'utf8');
      if (
        /\b(?:process\.(?!getuid|platform)|console\.)/.test(
          text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g, ''),
        )
      )
        wrong.push(file);
    }
    expect(wrong).toEqual([]);
  });
});
