import { execFile } from 'node:child_process';
import { chown, readdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openPostgres } from '../../../src/adapters/postgres.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import { runnable, runAs } from '../../../src/sandbox/programs/postgres/binaries.ts';
import type { Certificate } from '../../../src/sandbox/cluster/api/certificate.ts';
import { selfSignedCertificate } from '../../../src/sandbox/cluster/api/certificate.ts';
import type { PostgresTarget } from '../../../src/ports/postgres.ts';
import { accessOf } from '../../adapters/support.ts';
import type { Candidate, Started } from '../servers.ts';
import { findProgram, freePort, openFolder, startServer } from './process.ts';

const run = promisify(execFile);
export const password = 'contract-password';

async function debianFolders(): Promise<string[]> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  return versions
    .sort((left, right) => Number(right) - Number(left))
    .map((one) => `/usr/lib/postgresql/${one}/bin`);
}

/** Postgres of this machine: on PATH or where Debian puts it. */
export const systemPostgres: Candidate<PostgresTarget> = {
  name: 'Postgres of this machine',
  async find() {
    const program = await findProgram('postgres', await debianFolders());
    if (program === null) return { missing: 'no postgres on PATH or in /usr/lib/postgresql' };
    // initdb lies beside the real file, not beside a link to it.
    const folder = dirname(await realpath(program));
    return { start: async () => await start(folder) };
  },
};

/** The same with TLS and a certificate that only its own file vouches for. */
export const systemPostgresTls: Candidate<PostgresTarget> = {
  name: 'Postgres of this machine with TLS',
  async find() {
    const program = await findProgram('postgres', await debianFolders());
    if (program === null) return { missing: 'no postgres on PATH or in /usr/lib/postgresql' };
    const folder = dirname(await realpath(program));
    return { start: async () => await start(folder, selfSignedCertificate(['127.0.0.1'], new Date())) };
  },
};

/**
 * A newer major than the sandbox's and Debian's: POSTGRES_CONTRACT_BIN names the folder of its initdb and postgres, or
 * `postgres-18` is on PATH; `.ci/install-real-servers` fetches one.
 */
export const newerPostgres: Candidate<PostgresTarget> = {
  name: 'Postgres of a newer major',
  async find() {
    const program = await findProgram('postgres-18');
    const folder =
      process.env['POSTGRES_CONTRACT_BIN'] ?? (program === null ? null : dirname(await realpath(program)));
    if (folder === null) return { missing: 'no postgres-18 on PATH and no POSTGRES_CONTRACT_BIN' };
    return { start: async () => await start(folder) };
  },
};

async function start(installed: string, certificate?: Certificate): Promise<Started<PostgresTarget>> {
  const folder = await openFolder();
  const port = await freePort();
  // nobody: Postgres does not run as root, and may not enter root's cache.
  const identity = runAs();
  const user = identity.uid;
  if (user !== undefined) await chown(folder, user, user);
  const native = dirname(installed);
  const found = {
    initdb: join(installed, 'initdb'),
    postgres: join(installed, 'postgres'),
    version: '',
    native,
  };
  const programs = await runnable(found, identity, join(folder, 'programs'));
  const [cluster, passwordFile] = [join(folder, 'cluster'), join(folder, 'password')];
  await writeFile(passwordFile, password);
  const initdb = [
    '-D',
    cluster,
    '-U',
    'contract',
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
  ];
  await run(programs.initdb, [...initdb, '--locale=C', '--no-sync'], { cwd: folder, ...identity });
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'timezone=Asia/Tokyo',
  ];
  if (certificate !== undefined) settings.push(...(await tlsSettings(folder, certificate, user)));
  const target = postgresTarget('127.0.0.1', port, 'contract', 'postgres');
  const { stop } = await startServer({
    program: programs.postgres,
    args: ['-D', cluster, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
    folder,
    ...(user === undefined ? {} : { user }),
    ready: async () => await canLogIn(target),
  });
  return { target, stop };
}

async function tlsSettings(folder: string, { cert, key }: Certificate, user?: number): Promise<string[]> {
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  if (user !== undefined) await chown(keyFile, user, user);
  return ['ssl=on', `ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`];
}

export function postgresTarget(host: string, port: number, user: string, database: string): PostgresTarget {
  return { host, port, user, password: new Secret(password), database, tls: 'disable', schema: 'public' };
}

/** A Postgres that starts accepts connections before it lets anyone in. */
export async function canLogIn(target: PostgresTarget): Promise<boolean> {
  try {
    await (await openPostgres(target, accessOf())).close();
    return true;
  } catch {
    return false;
  }
}
