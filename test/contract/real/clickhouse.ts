import { Secret } from '../../../src/deployment/secret.ts';
import type { ClickHouseTarget } from '../../../src/ports/clickhouse.ts';
import type { Candidate } from '../servers.ts';

/** A ClickHouse that someone runs for the tests: CLICKHOUSE_CONTRACT_URL=http://user:password@host:8123/database */
export const systemClickHouse: Candidate<ClickHouseTarget> = {
  name: 'the ClickHouse of CLICKHOUSE_CONTRACT_URL',
  async find() {
    const text = process.env['CLICKHOUSE_CONTRACT_URL'];
    if (text === undefined) return await Promise.resolve({ missing: 'CLICKHOUSE_CONTRACT_URL is not set' });
    const url = new URL(text);
    const target: ClickHouseTarget = {
      url: url.origin,
      user: decodeURIComponent(url.username) || 'default',
      password: new Secret(decodeURIComponent(url.password)),
      database: url.pathname.slice(1) || 'default',
    };
    return {
      start: async () => await Promise.resolve({ target, stop: async () => await Promise.resolve() }),
    };
  },
};
