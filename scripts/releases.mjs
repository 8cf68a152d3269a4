// Writes src/deployment/releases.gen.ts: which variable which release reads in web and in the worker, and which
// migrations it brings. Run it after a release, with a clone of langfuse/langfuse that has its tags:
//   node scripts/releases.mjs ../langfuse
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

const [clone] = process.argv.slice(2);
if (clone === undefined) throw new Error('usage: node scripts/releases.mjs CLONE-OF-LANGFUSE');

function git(...args) {
  return spawnSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
}

/** 3.28.2 was made from the branch of 2: what it reads says nothing of 3. */
const tags = git('tag', '--sort=v:refname')
  .split('\n')
  .filter((tag) => /^v[234]\.\d+\.\d+$/.test(tag) && tag !== 'v3.28.2');

/** Schemas of variables: a name stands at the start of a line, before its type. */
const schema = /^\s+([A-Z][A-Z0-9_]+):/gm;
const shell = /\$\{?([A-Z][A-Z0-9_]+)/g;
const prisma = /env\("([A-Z][A-Z0-9_]+)"\)/g;
const code = /process\.env(?:\.|\[["'])([A-Z][A-Z0-9_]+)/g;

const both = ['web', 'worker'];
const files = [
  { paths: ['web/src/env.mjs', 'src/env.mjs', 'ee/src/env.ts'], names: schema, roles: ['web'] },
  { paths: ['worker/src/env.ts'], names: schema, roles: ['worker'] },
  { paths: ['packages/shared/src/env.ts'], names: schema, roles: both },
  { paths: ['packages/shared/prisma/schema.prisma', 'prisma/schema.prisma'], names: prisma, roles: both },
  {
    paths: ['web/entrypoint.sh', 'entrypoint.sh', 'packages/shared/clickhouse/scripts/up.sh'],
    names: shell,
    roles: ['web'],
  },
  { paths: ['worker/entrypoint.sh'], names: shell, roles: ['worker'] },
];
const folders = [
  { paths: ['web/src', 'src', 'ee/src', 'web/next.config.mjs'], roles: ['web'] },
  { paths: ['worker/src'], roles: ['worker'] },
  { paths: ['packages/shared/src'], roles: both },
];
/** Of the build, of development, of the cloud's own services and of AWS, and shell variables of the scripts. */
const foreign =
  /^(NEXT_(?!MANUAL)|VITEST|VERCEL|CI$|ANALYZE$|DOCKER_BUILD|BUILD_ID|SENTRY_|SEED_|SKIP_ENV_|SSL_|AWS_|DD_|ECS_|MULESOFT_|PLAIN_|PYLON_|STRIPE_|TURNSTILE_|BETTERSTACK_|NEW_RELIC_|OTLP_|ANTHROPIC_|OPENAI_)/;
const notRun = [':!*test*', ':!*/scripts/*', ':!*seed*', ':!*.stories.*'];

/** Names that one release reads, by role. */
function readBy(tag) {
  const found = { web: new Set(), worker: new Set() };
  const add = (text, names, roles) => {
    for (const [, name] of text.matchAll(names))
      if (!foreign.test(name)) for (const role of roles) found[role].add(name);
  };
  for (const { paths, names, roles } of files)
    for (const path of paths) add(git('show', `${tag}:${path}`), names, roles);
  for (const { paths, roles } of folders)
    add(git('grep', '-hE', 'process\\.env', tag, '--', ...paths, ...notRun), code, roles);
  return found;
}

/** `since-until` for each run of releases that read it; an open end is the newest release. */
function ranges(reads) {
  const parts = [];
  for (const [index, tag] of tags.entries()) {
    const before = index > 0 && reads[index - 1];
    if (reads[index] && !before) parts.push(`${tag.slice(1)}-`);
    if (!reads[index] && before) parts.push(`${parts.pop()}${tag.slice(1)}`);
  }
  return parts.join(' ');
}

const byName = (left, right) => (left < right ? -1 : 1);
const read = tags.map(readBy);
const names = [...new Set(read.flatMap(({ web, worker }) => [...web, ...worker]))].toSorted(byName);
const groups = new Map();
for (const name of names) groups.set(key(name), [...(groups.get(key(name)) ?? []), name]);

function key(name) {
  return both.map((role) => ranges(read.map((one) => one[role].has(name)))).join('|');
}

/** The newest migration of each store, where it differs from the release before. */
function migrations() {
  const newest = (tag, pattern, ...folders) =>
    git('ls-tree', '--name-only', tag, ...folders)
      .split('\n')
      .map((path) => pattern.exec(path)?.[1])
      .filter((name) => name !== undefined)
      .toSorted(byName)
      .at(-1) ?? '0';
  const rows = tags.map((tag) => ({
    since: tag.slice(1),
    postgres: newest(tag, /\/(\d{14})_/, 'packages/shared/prisma/migrations/', 'prisma/migrations/'),
    clickhouse: Number(
      newest(tag, /\/(\d+)_.*up\.sql/, 'packages/shared/clickhouse/migrations/unclustered/'),
    ),
  }));
  const same = (one, other) => one.postgres === other?.postgres && one.clickhouse === other.clickhouse;
  return rows.filter((row, index) => !same(row, rows[index - 1]));
}

const rows = [...groups].map(([ends, group]) => {
  const [web, worker] = ends.split('|');
  return `  { web: '${web}', worker: '${worker}', names: '${group.join(' ')}' },`;
});
const schemas = migrations().map(
  ({ since, postgres, clickhouse }) => `  ['${since}', '${postgres}', ${clickhouse}],`,
);
const text = `// Made from the tags of langfuse/langfuse by scripts/releases.mjs. Do not edit.

/** The newest release that is known. */
export const newestRelease = '${tags.at(-1).slice(1)}';

/** Names with the releases that read them: \`since-until\`, the latter not included; an open end is the newest release. */
export const readNames: readonly {
  readonly web: string;
  readonly worker: string;
  readonly names: string;
}[] = [
${rows.join('\n')}
];

/** First release, date of its newest Prisma migration, number of its newest ClickHouse migration (0 for none). */
export const newestMigrations: readonly (readonly [since: string, postgres: string, clickhouse: number])[] = [
${schemas.join('\n')}
];
`;
await writeFile('src/deployment/releases.gen.ts', text);
