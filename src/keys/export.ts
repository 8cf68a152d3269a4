import type { Tenancy } from '../tenancy/access.ts';
import { Secret } from '../deployment/secret.ts';
import type { KeyListing, KeyView } from './list.ts';
import { listKeys, listingOf, surveyKeys } from './list.ts';
import { secretOf } from './secret-of.ts';

/** A key as the record of an export has it. */
export interface ExportedKey {
  readonly organization: string | null;
  readonly project: string | null;
  readonly projectId: string | null;
  readonly note: string | null;
  readonly publicKey: string;
  /** `sk-lf-...1234`. */
  readonly displaySecret: string;
  readonly createdAt: string;
  readonly consumers: readonly string[] | null;
  /** Only in a sealed record; null where no object that may be read holds it. */
  readonly secretKey?: string | null;
}

/** The record that a runbook asks for: which public key is whose. */
export interface KeyExport {
  readonly keys: readonly ExportedKey[];
  readonly unknown: readonly string[];
}

/** @throws LfctlError PROJECT_*, POSTGRES_* */
export async function exportKeys(tenancy: Tenancy, project: string | undefined): Promise<KeyExport> {
  return recordOf(await listKeys(tenancy, project));
}

const recordOf = ({ keys, unknown }: KeyListing): KeyExport => ({ keys: keys.map(exported), unknown });

const exported = (key: KeyView): ExportedKey => ({
  organization: key.organizationName,
  project: key.projectName,
  projectId: key.projectId,
  note: key.note,
  publicKey: key.publicKey,
  displaySecret: key.displaySecret,
  createdAt: key.createdAt,
  consumers: key.consumers,
});

/** The record, and its text with the secrets that Secrets of the cluster hold: only to be sealed. */
export async function exportPairs(
  tenancy: Tenancy,
  project: string | undefined,
): Promise<{ readonly record: KeyExport; readonly whole: Secret }> {
  const survey = await surveyKeys(tenancy, project);
  const record = recordOf(listingOf(survey, tenancy.now()));
  const keys = await Promise.all(
    record.keys.map(async (key) => {
      const row = survey.rows.find(({ publicKey }) => publicKey === key.publicKey);
      const secret = row === undefined ? null : await secretOf(tenancy, row, survey.consumers);
      return { ...key, secretKey: secret?.reveal() ?? null };
    }),
  );
  return { record, whole: new Secret(JSON.stringify({ keys, unknown: record.unknown })) };
}
