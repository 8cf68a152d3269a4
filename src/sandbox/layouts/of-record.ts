import type { SandboxRecord } from '../state.ts';
import { buildLayout } from './index.ts';
import type { Layout } from './layout.ts';
import { seededSecrets } from './secrets.ts';

/** The layout of a sandbox that was made before: the same names, secrets and objects again. */
export function layoutOfRecord(record: SandboxRecord, templatesFolder: string, now: Date): Promise<Layout> {
  const { generation, version, writeMode, owner, seed } = record;
  const secrets = seededSecrets(seed);
  return buildLayout(record.layout, { generation, version, writeMode, owner, secrets, templatesFolder, now });
}
