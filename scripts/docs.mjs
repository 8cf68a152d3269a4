// Writes docs/{commands,checks,errors,exit-codes,diagnosis}.md and the README's reference from the declarations in src/.
//   node scripts/docs.mjs [--check]
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const checkOnly = process.argv.includes('--check');
const header = '<!-- Made by `npm run generate` from the declarations in src/. Do not edit. -->\n';
let stale = 0;

/** The declarations, bundled for this Node; vendors stay outside and are not loaded by them. */
async function declarations() {
  const file = resolve('node_modules/.cache/lfctl-docs', `${process.pid}.mjs`);
  await mkdir(join(file, '..'), { recursive: true });
  await build({
    entryPoints: ['scripts/declarations.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(file, { force: true });
  }
}

const from = await declarations();
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const code = (text) => `\`${text}\``;
const fence = (text) => `\`\`\`sh\n${text}\n\`\`\``;
const line = (command) => ['lfctl', ...command.path].join(' ');
const anchor = (text) => text.toLowerCase().replaceAll(' ', '-');
const shown = from.commands.filter((command) => command.hidden !== true);

function flagRows(path, options) {
  return Object.entries(options).map(([name, spec]) => {
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    const value = spec.type === 'boolean' ? '' : ` ${spec.placeholder}`;
    return [
      code(`${short}${from.flagOf(name)}${value}`),
      code(from.variableOf(path, name)),
      from.optionText(spec),
    ];
  });
}

function commandDoc(command) {
  const args = (command.args ?? []).map(({ name, summary, choices }) => [
    code(name.toUpperCase()),
    choices === undefined ? summary : `${summary} (${choices.join(', ')})`,
  ]);
  const flags = flagRows(command.path, command.options);
  const exits = from.exitsOf(command).map((name) => `${from.exitCodes[name]} ${name}`);
  const limit = command.timeoutMs === null ? 'none' : `${command.timeoutMs / 1000} s`;
  return [
    `## ${line(command)}\n`,
    `${command.summary}. ${command.when}\n`,
    `${fence(from.usageLine(command))}\n`,
    ...command.examples.map((example) => `- ${code(example.line)}: ${example.text}`),
    '',
    args.length === 0 ? null : `${table(['argument', ''], args)}\n`,
    flags.length === 0 ? null : `${table(['flag', 'environment', ''], flags)}\n`,
    `Output: ${from.formatsOf(command).join(', ')}. Time limit: ${limit}. Exit codes: ${exits.join(', ')}.\n`,
  ]
    .filter((part) => part !== null)
    .join('\n');
}

function commandsDoc() {
  const list = shown.map((command) => [`[${line(command)}](#${anchor(line(command))})`, command.summary]);
  return [
    `${header}\n# Commands\n`,
    `${table(['command', ''], list)}\n`,
    '## Flags of every command\n',
    `${table(['flag', 'environment', ''], flagRows([], from.globalOptions))}\n`,
    ...shown.map(commandDoc),
  ].join('\n');
}

function checkDoc(check) {
  const { generations, versions, modes } = check.appliesTo ?? {};
  const holds = [
    generations === undefined ? null : `Langfuse ${generations.join(', ')}`,
    versions === undefined ? null : `versions ${versions}`,
    modes === undefined ? null : `mode ${modes.join(', ')}`,
  ].filter((part) => part !== null);
  const causes = from.checks
    .filter((other) => other.explains.includes(check.id))
    .map((other) => code(other.id));
  return [
    `### ${check.id}\n`,
    `**${check.title}.** Severity ${check.severity}${holds.length === 0 ? '' : `; holds for ${holds.join(', ')}`}.\n`,
    `${check.why}\n`,
    check.explains.length === 0 ? null : `Its failure would cause: ${check.explains.map(code).join(', ')}.\n`,
    causes.length === 0 ? null : `Its failure would be caused by: ${causes.join(', ')}.\n`,
  ]
    .filter((part) => part !== null)
    .join('\n');
}

function checksDoc() {
  const areas = [...new Set(from.checks.map((check) => check.area))];
  const rows = from.checks.map((check) => [code(check.id), check.severity, check.title]);
  const parts = areas.flatMap((area) => [
    `## ${area}\n`,
    ...from.checks.filter((check) => check.area === area).map(checkDoc),
  ]);
  return [
    `${header}\n# Checks of \`lfctl doctor\`\n`,
    'Each title is the healthy state. `lfctl explain ID` prints the same, offline.\n',
    `${table(['check', 'severity', 'healthy when'], rows)}\n`,
    ...parts,
  ].join('\n');
}

function errorsDoc() {
  const rows = Object.entries(from.errorCatalog).map(([name, { exit, title, meaning, fixes }]) => [
    code(name),
    `${from.exitCodes[exit]} ${exit}`,
    `${title}. ${meaning}${fixes.map((fix) => ` → ${fix.text}${fix.command === undefined ? '' : `: ${code(fix.command)}`}`).join('')}`,
  ]);
  return `${header}\n# Error codes\n\nStable under semver; with \`-o json\` they are the field \`code\`. \`lfctl explain CODE\` prints the same, offline.\n\n${table(['code', 'exit', 'meaning'], rows)}\n`;
}

/** What `npm run drills` saw, beside what each fault is declared to show. */
async function diagnosisDoc() {
  const drills = from.allDrills(from.faults, from.layoutGenerations);
  const chosen = from.ciDrills(drills);
  const seen = JSON.parse(await readFile('test/drills/seen.json', 'utf8'));
  const deployments = from.deploymentsOf(from.layoutGenerations).map(from.deploymentName);
  const cellOf = (fault, deployment) => {
    const isIt = (drill) => drill.fault === fault.name && from.deploymentName(drill) === deployment;
    if (!drills.some(isIt)) return '';
    const verdict = seen[fault.name]?.[deployment];
    const shown = verdict === undefined ? '?' : (verdict ?? 'nothing');
    const told = verdict === fault.firstVerdict ? '✓' : shown;
    return chosen.some(isIt) ? `**${told}**` : told;
  };
  const matrix = from.faults.map((fault) => [
    code(fault.name),
    fault.firstVerdict,
    ...deployments.map((deployment) => cellOf(fault, deployment)),
  ]);
  return [
    `${header}\n# Faults and their diagnosis\n`,
    'Each fault is drilled: `npm run drills` breaks it in a sandbox, wants this check first and this exit code, mends it, and\nwants a healthy diagnosis. `lfctl sandbox break FAULT` does the same by hand.\n',
    `${table(['fault', 'area', 'what breaks', 'doctor puts first', 'exit'], from.faults.map(faultRow))}\n`,
    '## Where each was drilled\n',
    `Langfuse's generation and the layout (\`lfctl sandbox up --langfuse 3 --layout chart-1\`). ✓: doctor put that check first;\nempty: the fault makes no sense there; ?: not drilled yet. ${ciText(drills, chosen)}\n`,
    `${table(['fault', 'first verdict', ...deployments], matrix)}\n`,
    '## Where a canary is lost\n',
    "What `lfctl validate` says while the fault is there: the first hop that failed, and when it said so, doctor's cause\nincluded, on the machine that ran all drills. A job is late after its delay and ten seconds; a web without Redis answers\nnothing for ten. It exits 1 each time, names the cause above, and leaves nothing, at the latest after `validate --clean`.\n",
    `${table(['fault', 'hop', ...deployments], await lostRows(deployments, drills))}\n`,
  ].join('\n');
}

/** What the drills that ran validate saw; `?` where they were not run. */
async function lostRows(deployments, drills) {
  const lost = JSON.parse(await readFile('test/drills/lost.json', 'utf8'));
  const isDrilled = (fault, deployment) =>
    drills.some((drill) => drill.fault === fault.name && from.deploymentName(drill) === deployment);
  const cellOf = (fault, deployment) => {
    if (!isDrilled(fault, deployment)) return '';
    const told = lost[fault.name]?.[deployment] ?? '?';
    return told.startsWith(`${fault.losesAt} `) ? told.slice(fault.losesAt.length + 1) : told;
  };
  return from.faults
    .filter(({ losesAt }) => losesAt !== undefined)
    .map((fault) => [
      code(fault.name),
      fault.losesAt,
      ...deployments.map((deployment) => cellOf(fault, deployment)),
    ]);
}

const faultRow = ({ name, area, summary, firstVerdict, expects }) => [
  code(name),
  area,
  summary,
  `[${firstVerdict}](checks.md)`,
  expects === 'findings' ? '1' : '0 (a warning or less)',
];

function ciText(drills, chosen) {
  const pairs = from.coverage(drills, chosen);
  const share = ({ pairs: all, covered }) => `${covered} of ${all}`;
  return `CI has ten minutes for\n${chosen.length} of the ${drills.length} drills, in bold, chosen by a fixed seed: every fault once, and of the pairs ${share(pairs.deployments)} of\ngeneration and layout, ${share(pairs.faultsByGeneration)} of fault and generation, ${share(pairs.faultsByLayout)} of fault and layout.`;
}

const exitTable = () =>
  table(
    ['code', 'name', 'meaning'],
    Object.entries(from.exitCodes).map(([name, number]) => [number, name, from.exitMeanings[name]]),
  );

const referenceDoc = () =>
  [
    '\n### Commands\n',
    `${table(
      ['command', ''],
      shown.map((command) => [
        `[${line(command)}](docs/commands.md#${anchor(line(command))})`,
        command.summary,
      ]),
    )}\n`,
    '### Exit codes\n',
    `${exitTable()}\n`,
    'All flags: [docs/commands.md](docs/commands.md). Checks: [docs/checks.md](docs/checks.md). Errors: [docs/errors.md](docs/errors.md).\n',
  ].join('\n');

async function put(file, text) {
  const old = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (old === text) return;
  if (!checkOnly) return await writeFile(file, text);
  process.stderr.write(`${file} is stale: run npm run generate\n`);
  stale += 1;
}

/** Replaces what is between the markers; a file without them stays as it is. */
async function putBetween(file, name, text) {
  if (!existsSync(file)) return;
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const old = await readFile(file, 'utf8');
  const [head, tail] = [old.indexOf(start), old.indexOf(end)];
  if (head < 0 || tail < head) return;
  await put(file, `${old.slice(0, head + start.length)}\n${text}${old.slice(tail)}`);
}

await mkdir('docs', { recursive: true });
await put('docs/commands.md', commandsDoc());
await put('docs/checks.md', checksDoc());
await put('docs/errors.md', errorsDoc());
await put('docs/diagnosis.md', await diagnosisDoc());
await put(
  'docs/exit-codes.md',
  `${header}\n# Exit codes\n\nThe same in every output format.\n\n${exitTable()}\n\nWhen several apply, the first of 70, 6, 130/143, 7, 5, 1, 4, 0 wins.\n`,
);
await putBetween('docs/topics/exit-codes.md', 'exit-codes', `${exitTable()}\n`);
await putBetween('README.md', 'reference', referenceDoc());
process.exitCode = stale > 0 ? 1 : 0;
