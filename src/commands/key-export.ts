import { defineCommand, type CommandResult } from '../cli/command.ts';
import { projectOption } from '../cli/globals.ts';
import type { Services } from '../cli/services.ts';
import { envelopeOf, reading } from '../cli/writing.ts';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { KeyExport } from '../keys/export.ts';

const passphraseName = 'LFCTL_EXPORT_PASSPHRASE';

export const keyExportCommand = defineCommand({
  path: ['key', 'export'],
  summary: 'Write the record of public keys: which key is whose, and who uses it',
  when: 'For the documents of a deployment, and before it is moved. The record has no secrets, unless it is sealed with a passphrase: then it may also hold the pairs that Secrets of the cluster have.',
  examples: [
    { line: 'lfctl key export -o markdown', text: 'for the wiki' },
    {
      line: `${passphraseName}=… lfctl key export --with-secrets --to-file keys.sealed`,
      text: 'with the secrets that the cluster holds, sealed',
    },
    { line: `${passphraseName}=… lfctl key export --decrypt keys.sealed -o json`, text: 'open it again' },
  ],
  options: {
    project: projectOption,
    withSecrets: {
      type: 'boolean',
      summary: `with the secrets that the cluster holds; sealed with the passphrase of ${passphraseName} or standard input`,
    },
    toFile: {
      type: 'string',
      placeholder: 'FILE',
      summary: 'write into a new file that only you may read',
      completes: 'file',
    },
    decrypt: { type: 'string', placeholder: 'FILE', summary: 'open a sealed record', completes: 'file' },
  },
  formats: ['tsv', 'markdown'],
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, services } = context;
    const { decrypt, withSecrets, toFile, project } = options;
    if (decrypt !== undefined) return await opened(decrypt, services);
    if (withSecrets && toFile === undefined)
      throw new LfctlError('USAGE', { message: '--with-secrets needs --to-file: a sealed record is a file' });
    const passphrase = withSecrets ? await passphraseOf(services) : null;
    return await reading(context, async (tenancy) => {
      const { exportKeys, exportPairs } = await import('../keys/export.ts');
      const { writeNewFile } = await import('../keys/deliver.ts');
      const { seal } = await import('../keys/sealed.ts');
      if (passphrase === null || toFile === undefined) {
        const record = await exportKeys(tenancy, project);
        if (toFile !== undefined) await writeNewFile(toFile, `${JSON.stringify(record, null, 2)}\n`);
        return { ...(await resultOf(record, toFile)), deployment: envelopeOf(tenancy) };
      }
      const { record, whole } = await exportPairs(tenancy, project);
      await writeNewFile(toFile, await seal(whole.reveal(), passphrase));
      return { ...(await resultOf(record, toFile)), deployment: envelopeOf(tenancy) };
    });
  },
});

async function resultOf(record: KeyExport, toFile?: string): Promise<CommandResult> {
  const { exportMarkdown, exportRows, exportText } = await import('../render/keys/export.ts');
  return {
    kind: 'KeyExport',
    data: record,
    exit: record.unknown.length === 0 ? 'ok' : 'incomplete',
    text: (style) =>
      toFile === undefined ? exportText(record, style) : `${String(record.keys.length)} keys in ${toFile}\n`,
    ...(toFile === undefined ? { rows: () => exportRows(record) } : {}),
    formats: { markdown: () => exportMarkdown(record) },
  };
}

async function opened(path: string, services: Services): Promise<CommandResult> {
  const { readFile } = await import('node:fs/promises');
  const { unseal } = await import('../keys/sealed.ts');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LfctlError('KEY_EXPORT_INVALID', { message: `${path}: ${error.code ?? error.message}` });
  });
  const record = JSON.parse(await unseal(text, await passphraseOf(services))) as KeyExport;
  return await resultOf(record);
}

/** Never an argument: those are seen by everybody on the machine. */
async function passphraseOf({ env, ask, terminal }: Services): Promise<Secret> {
  const given = env[passphraseName] ?? '';
  if (given !== '') return new Secret(given);
  if (ask !== undefined) return new Secret(await ask.password('Passphrase of the record:'));
  return new Secret((await terminal.readInput()).replace(/\r?\n$/, ''));
}
