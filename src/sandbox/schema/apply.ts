export { migrateClickHouse } from './clickhouse.ts';
export { MigrationError, type MigrationQuery } from './migration-error.ts';
export { migratePostgres } from './postgres.ts';
