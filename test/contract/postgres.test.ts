import type { PostgresTarget } from '../../src/ports/postgres.ts';
import { findPostgres } from '../../src/sandbox/programs/postgres/binaries.ts';
import { createPostgresProgram } from '../../src/sandbox/programs/postgres.ts';
import { postgresSuite, postgresTlsSuite } from './postgres-suite.ts';
import {
  canLogIn,
  newerPostgres,
  password,
  postgresTarget,
  systemPostgres,
  systemPostgresTls,
} from './real/postgres.ts';
import { startProgram } from './sandbox-program.ts';
import type { Candidate } from './servers.ts';
import { missingPart, onEach } from './servers.ts';

const sandboxPostgres: Candidate<PostgresTarget> = {
  name: "the sandbox's Postgres",
  async find() {
    const missing = await missingPart(() => findPostgres([]));
    if (missing !== null) return { missing };
    return {
      start: async () => {
        const env = { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: password, POSTGRES_DB: 'langfuse' };
        const at = (address: string): PostgresTarget => postgresTarget(address, 5432, 'langfuse', 'langfuse');
        const ready = async (address: string): Promise<boolean> => await canLogIn(at(address));
        const { address, stop } = await startProgram(createPostgresProgram([]), 5432, env, [], ready);
        return { target: at(address), stop };
      },
    };
  },
};

await onEach('postgres', [sandboxPostgres, systemPostgres, newerPostgres], postgresSuite);
await onEach('postgres with TLS', [systemPostgresTls], postgresTlsSuite);
