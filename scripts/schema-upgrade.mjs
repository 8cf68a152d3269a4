// The way from one recorded schema to the next, as the migrations in between leave it: what is gone is dropped with its
// rows, what is new is added, rows that stay are kept.
import {
  backgroundMigration,
  clickhouseColumn,
  clickhouseIndex,
  clickhouseTable,
  clickhouseView,
  foreignKeys,
  indexName,
  isView,
  literal,
  plainIndexes,
  postgresColumn,
  postgresTable,
  quoted,
} from './schema-ddl.mjs';

/** Entries of `to` that `from` lacks. */
function added(from, to) {
  return Object.entries(to).filter(([name]) => !(name in from));
}

/** Pairs of what both have. */
function kept(from, to) {
  return Object.entries(to)
    .filter(([name]) => name in from)
    .map(([name, value]) => [name, from[name], value]);
}

function byName(list) {
  return Object.fromEntries(list.map((item) => [item.name, item]));
}

function same(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Columns without a default that rows of before cannot leave empty: how the migration filled them. */
const fills = {
  'prices.pricing_tier_id': [
    `INSERT INTO pricing_tiers (id, model_id, name, is_default, priority, conditions)
SELECT id || '_tier_default', id, 'Standard', true, 0, '[]' FROM models`,
    `UPDATE prices SET pricing_tier_id = model_id || '_tier_default'`,
  ],
};

/** Catalogs hold no views: the two of 2 go with its `events` (20250211123300 and 20250221143400 of Langfuse 3). */
function formerViews(goneTables) {
  if (!goneTables.includes('events')) return [];
  return ['traces_view', 'observations_view'].map((name) => `DROP VIEW IF EXISTS ${quoted(name)}`);
}

export function postgresUpgrade(from, to) {
  const tables = kept(from.tables, to.tables);
  const newTables = added(from.tables, to.tables);
  const gone = added(to.tables, from.tables).map(([name]) => name);
  return [
    ...formerViews(gone),
    ...tables.flatMap(([name, before, after]) => droppedConstraints(name, before, after, isForeignKey)),
    ...tables.flatMap(([name, before, after]) => droppedConstraints(name, before, after, isKey)),
    ...tables.flatMap(([, before, after]) => droppedIndexes(before, after)),
    ...gone.map((name) => `DROP TABLE ${quoted(name)} CASCADE`),
    ...changedEnums(from.enums, to.enums),
    ...newTables.map(([name, table]) => postgresTable(name, table)),
    ...tables.flatMap(([name, before, after]) => changedColumns(name, before, after)),
    ...added(to.enums, from.enums).map(([name]) => `DROP TYPE ${quoted(name)}`),
    ...tables.flatMap(([name, before, after]) => addedConstraints(name, before, after, isKey)),
    ...newTables.flatMap(([, table]) => plainIndexes(table)),
    ...tables.flatMap(([, before, after]) => addedIndexes(before, after)),
    ...newTables.flatMap(([name, table]) => foreignKeys(name, table)),
    ...tables.flatMap(([name, before, after]) => addedConstraints(name, before, after, isForeignKey)),
    ...backgroundMigrations(from.backgroundMigrations, to.backgroundMigrations),
  ];
}

/** Foreign keys hang on the keys of other tables: they go first and come last. */
const isForeignKey = (kind) => kind === 'f';
const isKey = (kind) => kind !== 'f';

function droppedConstraints(table, before, after, wanted) {
  const left = byName(after.constraints);
  return before.constraints
    .filter((constraint) => wanted(constraint.kind) && !same(left[constraint.name], constraint))
    .map(({ name }) => `ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`);
}

function addedConstraints(table, before, after, wanted) {
  const had = byName(before.constraints);
  return after.constraints
    .filter((constraint) => wanted(constraint.kind) && !same(had[constraint.name], constraint))
    .map(
      ({ name, definition }) => `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} ${definition}`,
    );
}

/** Some are gone already with a constraint or a column. */
function droppedIndexes(before, after) {
  return plainIndexes(before)
    .filter((sql) => !after.indexes.includes(sql))
    .map((sql) => `DROP INDEX IF EXISTS ${quoted(indexName(sql))}`);
}

function addedIndexes(before, after) {
  return plainIndexes(after).filter((sql) => !before.indexes.includes(sql));
}

function changedEnums(from, to) {
  return [
    ...added(from, to).map(
      ([name, labels]) => `CREATE TYPE ${quoted(name)} AS ENUM (${labels.map(literal).join(', ')})`,
    ),
    ...kept(from, to).flatMap(([name, before, after]) =>
      after
        .filter((label) => !before.includes(label))
        .map((label) => `ALTER TYPE ${quoted(name)} ADD VALUE ${literal(label)}`),
    ),
  ];
}

function changedColumns(table, before, after) {
  const had = byName(before.columns);
  const has = byName(after.columns);
  const alter = (what) => `ALTER TABLE ${quoted(table)} ${what}`;
  return [
    ...before.columns
      .filter(({ name }) => !(name in has))
      .map(({ name }) => alter(`DROP COLUMN ${quoted(name)}`)),
    ...after.columns.flatMap((column) => {
      if (column.name in had) return changedColumn(had[column.name], column).map(alter);
      const fill = fills[`${table}.${column.name}`];
      if (fill === undefined) return [alter(`ADD COLUMN ${postgresColumn(column)}`)];
      const empty = alter(`ADD COLUMN ${postgresColumn({ ...column, notNull: false })}`);
      return [empty, ...fill, alter(`ALTER COLUMN ${quoted(column.name)} SET NOT NULL`)];
    }),
  ];
}

function changedColumn(before, after) {
  const column = `ALTER COLUMN ${quoted(after.name)}`;
  const retyped = before.type !== after.type;
  return [
    ...(retyped && before.default !== undefined ? [`${column} DROP DEFAULT`] : []),
    ...(retyped ? [`${column} TYPE ${after.type} USING ${quoted(after.name)}::text::${after.type}`] : []),
    ...(before.default !== after.default || retyped ? defaultOf(column, after) : []),
    ...(before.notNull === after.notNull ? [] : [`${column} ${after.notNull ? 'SET' : 'DROP'} NOT NULL`]),
  ];
}

function defaultOf(column, after) {
  return [after.default === undefined ? `${column} DROP DEFAULT` : `${column} SET DEFAULT ${after.default}`];
}

/** Rows that the new version does not know are deleted, finished or not; new ones wait for the worker. */
function backgroundMigrations(from, to) {
  const [before, after] = [byName(from), byName(to)];
  const gone = added(after, before).map(([name]) => literal(name));
  return [
    ...(gone.length === 0 ? [] : [`DELETE FROM background_migrations WHERE name IN (${gone.join(', ')})`]),
    ...added(before, after).map(([, row]) => backgroundMigration({ ...row, state: {} }, false)),
  ];
}

export function clickhouseUpgrade(from, to) {
  const names = Object.keys(to.tables);
  const isNew = (name) => !(name in from.tables);
  const views = names.filter(
    (name) => isView(to.tables[name]) && !same(from.tables[name]?.columns, to.tables[name].columns),
  );
  return [
    ...added(to.tables, from.tables).map(([name]) => `DROP TABLE IF EXISTS ${name}`),
    ...views.filter((name) => !isNew(name)).map((name) => `DROP VIEW IF EXISTS ${name}`),
    ...names
      .filter((name) => isNew(name) && !isView(to.tables[name]))
      .map((name) => clickhouseTable(name, to.tables[name])),
    ...kept(from.tables, to.tables)
      .filter(([, , table]) => !isView(table))
      .flatMap(([name, before, after]) => changedTable(name, before, after)),
    ...views.map((name) => clickhouseView(name, to.tables)),
  ];
}

function changedTable(table, before, after) {
  return [
    ...added(byName(before.columns), byName(after.columns)).map(
      ([, column]) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${clickhouseColumn(column)}`,
    ),
    ...added(byName(before.indexes), byName(after.indexes)).map(
      ([, index]) =>
        `ALTER TABLE ${table} ADD ${clickhouseIndex(index).replace('INDEX', 'INDEX IF NOT EXISTS')}`,
    ),
  ];
}
