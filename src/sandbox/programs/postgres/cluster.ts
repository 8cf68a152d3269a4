import { appendFile, chmod, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LfctlError } from '../../../errors/error.ts';
import type { ProgramHost } from '../../program.ts';
import { canTraverse, type PostgresBinaries, type RunAs } from './binaries.ts';
import type { PostgresImageEnv } from './image-env.ts';
import { spawnTool } from './spawned.ts';

/** Written once, so that ALTER SYSTEM and a restart can change them as in life. */
const settings = [
  'fsync = off',
  'synchronous_commit = off',
  'full_page_writes = off',
  'shared_buffers = 16MB',
  // Nothing in /dev/shm that a kill -9 would leave there.
  'dynamic_shared_memory_type = mmap',
  'max_connections = 100',
  "unix_socket_directories = ''",
  "timezone = 'Etc/UTC'",
  "log_timezone = 'Etc/UTC'",
  "log_line_prefix = '%m [%p] '",
  'max_wal_size = 128MB',
  'min_wal_size = 32MB',
];

/** Where the entrypoint notes that it came to its end; without it a half-made cluster is made anew. */
const completeMark = 'lfctl-initialized';

interface ClusterPlan {
  readonly host: ProgramHost;
  readonly binaries: PostgresBinaries;
  readonly user: RunAs;
  readonly image: PostgresImageEnv;
  readonly dataFolder: string;
}

/**
 * What the image's entrypoint does before it starts the server: initdb on an empty folder, then role and database.
 *
 * @returns false when the image refuses (no password), as it does with exit code 1
 * @throws LfctlError SANDBOX_START when the folder cannot be used
 */
export async function prepareCluster(plan: ClusterPlan): Promise<boolean> {
  const { host, image, dataFolder, user } = plan;
  const content: readonly string[] = await readdir(dataFolder).catch(() => []);
  if (content.includes(completeMark)) {
    host.print('PostgreSQL Database directory appears to contain a database; Skipping initialization');
    return true;
  }
  if (image.superuserPassword === '') {
    refusalWithoutPassword.forEach(host.print);
    return false;
  }
  await emptyFolder(dataFolder, user);
  await initdb(plan);
  await createRoleAndDatabase(plan);
  await writeFile(join(dataFolder, completeMark), '');
  host.print('PostgreSQL init process complete; ready for start up.');
  return true;
}

const refusalWithoutPassword = [
  'Error: Database is uninitialized and superuser password is not specified.',
  '       You must specify POSTGRES_PASSWORD to a non-empty value for the',
  '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
];

/** The folder itself may be a mount, so its content goes and it stays. */
async function emptyFolder(folder: string, user: RunAs): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  if (user.uid !== undefined && !(await canTraverse(folder, user.uid)))
    throw new LfctlError('SANDBOX_START', {
      message: `Postgres runs as uid ${user.uid} when lfctl runs as root, and cannot enter ${folder}.`,
      fixes: [{ text: 'set XDG_STATE_HOME to a folder that all users can enter' }],
    });
}

async function initdb({ host, binaries, user, image, dataFolder }: ClusterPlan): Promise<void> {
  const passwordFile = join(dataFolder, '..', `.${host.pod.name}.pw`);
  await writeFile(passwordFile, `${image.superuserPassword}\n`, { mode: 0o600 });
  try {
    if (user.uid !== undefined && user.gid !== undefined) await chown(passwordFile, user.uid, user.gid);
    const args = ['-D', dataFolder, '-U', image.superuser, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'];
    await run(
      binaries.initdb,
      [...args, '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      host,
      user,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await appendFile(join(dataFolder, 'postgresql.conf'), `\n${settings.join('\n')}\n`);
  await appendFile(join(dataFolder, 'pg_hba.conf'), '\nhost all all all scram-sha-256\n');
}

/** In single-user mode, so that nobody can connect before the database is there. */
async function createRoleAndDatabase({ binaries, user, image, dataFolder }: ClusterPlan): Promise<void> {
  const owner = image.role?.name ?? image.superuser;
  const statements = [
    ...(image.role === null
      ? []
      : [`CREATE ROLE ${identifier(owner)} LOGIN CREATEDB PASSWORD ${literal(image.role.password)};`]),
    ...(image.database === 'postgres'
      ? []
      : [`CREATE DATABASE ${identifier(image.database)} OWNER ${identifier(owner)};`]),
  ];
  if (statements.length === 0) return;
  const quiet = { print: () => undefined };
  // -j: a statement ends at a semicolon and two newlines, so that a value may hold one newline.
  const args = ['--single', '-j', '-D', dataFolder, '-c', 'log_min_messages=panic', 'template1'];
  await run(binaries.postgres, args, quiet, user, `${statements.join('\n\n')}\n\n`);
}

async function run(
  file: string,
  args: readonly string[],
  { print }: Pick<ProgramHost, 'print'>,
  user: RunAs,
  stdin?: string,
): Promise<void> {
  const code = await spawnTool(file, args, { user, print, ...(stdin === undefined ? {} : { stdin }) }).exit;
  if (code !== 0) throw new LfctlError('SANDBOX_START', { message: `${file} ended with exit code ${code}.` });
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: string): string {
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
