// SQL from the catalogs recorded on real deployments (test/fixtures/captures/schema): whole tables, and their parts.

export function quoted(name) {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

export function postgresStatements({ tables, enums, backgroundMigrations }, version) {
  const named = Object.entries(tables);
  return [
    ...Object.entries(enums).map(
      ([name, labels]) => `CREATE TYPE ${quoted(name)} AS ENUM (${labels.map(literal).join(', ')})`,
    ),
    ...named.map(([name, table]) => postgresTable(name, table)),
    ...named.flatMap(([, table]) => plainIndexes(table)),
    ...named.flatMap(([name, table]) => foreignKeys(name, table)),
    ...backgroundMigrations.map((row) => backgroundMigration(row, wasRun(row, version))),
  ];
}

export function postgresTable(name, { columns, constraints }) {
  const lines = [
    ...columns.map(postgresColumn),
    ...constraints
      .filter(({ kind }) => kind !== 'f')
      .map((constraint) => `CONSTRAINT ${quoted(constraint.name)} ${constraint.definition}`),
  ];
  return `CREATE TABLE ${quoted(name)} (\n  ${lines.join(',\n  ')}\n)`;
}

export function postgresColumn({ name, type, default: value, notNull }) {
  const fallback = value === undefined ? '' : ` DEFAULT ${value}`;
  return `${quoted(name)} ${type}${fallback}${notNull ? ' NOT NULL' : ''}`;
}

/** Indexes that no constraint brings along. */
export function plainIndexes({ constraints, indexes }) {
  const brought = new Set(constraints.map(({ name }) => name));
  return indexes.filter((sql) => !brought.has(indexName(sql)));
}

export function indexName(sql) {
  return /INDEX "?([^" ]+)"? ON/.exec(sql)?.[1];
}

export function foreignKeys(name, { constraints }) {
  const keys = constraints.filter(({ kind }) => kind === 'f');
  if (keys.length === 0) return [];
  const added = keys.map((key) => `ADD CONSTRAINT ${quoted(key.name)} ${key.definition}`);
  return [`ALTER TABLE ${quoted(name)}\n  ${added.join(',\n  ')}`];
}

/** Steps that wait for a variable which no one sets; all others were run by the worker of a new installation. */
const dormantGates = new Set(['LANGFUSE_BACKGROUND_MIGRATION_V4_DROP_PID_TID_SORTING_TABLES']);

/** Langfuse 2 has no worker that would run them. */
function wasRun({ args }, version) {
  return !version.startsWith('2.') && !dormantGates.has(args.envGate);
}

export function backgroundMigration({ name, script, args, state }, finished) {
  const values = [
    literal(name),
    literal(script),
    literal(JSON.stringify(args)),
    literal(JSON.stringify(state)),
  ];
  return `INSERT INTO background_migrations (id, name, script, args, state, finished_at)\nVALUES (gen_random_uuid(), ${values.join(', ')}, ${finished ? 'now()' : 'NULL'})`;
}

export function clickhouseStatements({ tables }) {
  const names = Object.keys(tables);
  const stored = names.filter((name) => !isView(tables[name]));
  const views = names.filter((name) => isView(tables[name]));
  return [
    ...stored.map((name) => clickhouseTable(name, tables[name])),
    ...views.map((name) => clickhouseView(name, tables)),
  ];
}

export function isView({ engine }) {
  return engine === 'View' || engine === 'MaterializedView';
}

export function clickhouseTable(name, { columns, indexes, engineFull }) {
  const lines = [...columns.map(clickhouseColumn), ...indexes.map(clickhouseIndex)];
  return `CREATE TABLE IF NOT EXISTS ${name} (\n  ${lines.join(',\n  ')}\n) ENGINE = ${engineFull}`;
}

export function clickhouseColumn({ name, type, defaultKind, default: value, codec }) {
  const fallback = defaultKind === undefined ? '' : ` ${defaultKind} ${value}`;
  return `\`${name}\` ${type}${fallback}${codec === undefined ? '' : ` ${codec}`}`;
}

export function clickhouseIndex({ name, expression, type, granularity }) {
  return `INDEX ${name} ${wrapped(expression)} TYPE ${indexType(type)} GRANULARITY ${granularity}`;
}

function wrapped(expression) {
  return expression.includes(', ') ? `(${expression})` : expression;
}

/** The recording holds the kind of an index, not its arguments; these are in migrations 0039 and 0043 of langfuse/langfuse. */
function indexType(type) {
  switch (type) {
    case 'text':
      return 'text(tokenizer = splitByNonAlpha)';
    case 'ngrambf_v1':
      return 'ngrambf_v1(4, 32000, 3, 0)';
    default:
      return type;
  }
}

export function clickhouseView(name, tables) {
  const { engine, columns } = tables[name];
  if (engine === 'MaterializedView') return materializedView(name, columns);
  const { from, time, expressions } = analyticsViews[name];
  const selected = columns.map((column) => {
    if (column.name === 'hour') return `toStartOfHour(${time}) AS hour`;
    if (column.name.startsWith('count')) return `count(*) AS ${column.name}`;
    if (column.name === 'ingested_sdks')
      return `sumMap(map(concat(ingestion_sdk_name, '@', ingestion_sdk_version), toUInt64(1))) AS ${column.name}`;
    return column.name in expressions ? `max(${expressions[column.name]}) AS ${column.name}` : column.name;
  });
  const keys = columns
    .map((column) => column.name)
    .filter((key) => ['project_id', 'type', 'hour'].includes(key));
  return `CREATE VIEW IF NOT EXISTS ${name} AS\nSELECT\n  ${selected.join(',\n  ')}\nFROM ${from}\nGROUP BY ${keys.join(', ')}`;
}

/**
 * Langfuse 4 keeps events_core filled from events_full, long texts cut to their first 200 characters (migration
 * 0042_add_events_ingestion_attribution_columns of langfuse/langfuse).
 */
function materializedView(name, columns) {
  const target = name.replace(/_mv$/, '');
  const cut = {
    input: 'leftUTF8(events_full.input, 200)',
    output: 'leftUTF8(events_full.output, 200)',
    metadata_values: 'arrayMap(value -> leftUTF8(value, 200), events_full.metadata_values)',
  };
  const selected = columns.map((column) =>
    column.name in cut ? `${cut[column.name]} AS ${column.name}` : `\`${column.name}\``,
  );
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} TO ${target} AS\nSELECT\n  ${selected.join(',\n  ')}\nFROM events_full`;
}

const filled = (column) => `ifNull(${column}, '') != ''`;

/** The views' columns are recorded, their text is not: these give the same columns and meaning. */
const analyticsViews = {
  analytics_traces: {
    from: 'traces',
    time: 'timestamp',
    expressions: {
      hasUsers: filled('user_id'),
      hasSessions: filled('session_id'),
      hasEnvironments: "environment != 'default'",
      hasTags: 'notEmpty(tags)',
    },
  },
  analytics_observations: {
    from: 'observations',
    time: 'start_time',
    expressions: {
      hasLevel: "level != 'DEFAULT'",
      hasProvidedModelName: filled('provided_model_name'),
      hasProvidedUsageDetails: 'notEmpty(provided_usage_details)',
      hasProvidedCostDetails: 'notEmpty(provided_cost_details)',
      hasPromptName: filled('prompt_name'),
    },
  },
  analytics_scores: {
    from: 'scores',
    time: 'timestamp',
    expressions: {
      hasAnnotation: "source = 'ANNOTATION'",
      hasApi: "source = 'API'",
      hasEval: "source = 'EVAL'",
      hasObservationScore: filled('observation_id'),
      hasSessionScore: filled('session_id'),
      hasDatasetRunScore: filled('dataset_run_id'),
      hasBoolScore: "data_type = 'BOOLEAN'",
      hasNumericScore: "data_type = 'NUMERIC'",
      hasCategoricalScore: "data_type = 'CATEGORICAL'",
      hasComment: filled('comment'),
    },
  },
};
