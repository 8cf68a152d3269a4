import { Secret } from '../../src/deployment/secret.ts';
import type { ClickHouseTarget } from '../../src/ports/clickhouse.ts';
import { findClickHouse } from '../../src/sandbox/programs/clickhouse/engine.ts';
import { createClickHouseProgram } from '../../src/sandbox/programs/clickhouse.ts';
import { clickHouseSuite } from './clickhouse-suite.ts';
import { systemClickHouse } from './real/clickhouse.ts';
import { startProgram } from './sandbox-program.ts';
import type { Candidate } from './servers.ts';
import { missingPart, onEach } from './servers.ts';

const sandboxClickHouse: Candidate<ClickHouseTarget> = {
  name: "the sandbox's ClickHouse",
  async find() {
    const missing = await missingPart(() => findClickHouse([]));
    if (missing !== null) return { missing };
    return {
      start: async () => {
        const env = {
          CLICKHOUSE_USER: 'langfuse',
          CLICKHOUSE_PASSWORD: 'contract-password',
          CLICKHOUSE_DB: 'default',
        };
        const { address, stop } = await startProgram(createClickHouseProgram([]), 8123, env);
        const target: ClickHouseTarget = {
          url: `http://${address}:8123`,
          user: 'langfuse',
          password: new Secret('contract-password'),
          database: 'default',
        };
        return { target, stop };
      },
    };
  },
};

await onEach('clickhouse', [sandboxClickHouse, systemClickHouse], clickHouseSuite);
