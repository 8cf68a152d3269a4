/** Servers that answer, but not as they should: one clear message each, the right exit code, no stack, no hang. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/ports/kube-resources.ts';
import type { StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { call, startPractice } from '../support/practice.ts';
import type { Diagnosis } from '../support/reports.ts';
import { diagnose, expectNoStack, statusOf } from '../support/reports.ts';

let practice: Practice;
let cluster: TestCluster;
let urls: StoreUrls;
const servers: Server[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  practice = await startPractice('broken');
  cluster = await openCluster(practice);
  urls = await cluster.urls();
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

afterAll(async () => {
  await practice.stop();
});

async function listen(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const http = (answer: RequestListener): Promise<number> => listen(createHttpServer(answer));
const tcp = (answer: (socket: Socket) => void): Promise<number> => listen(createServer(answer));

const env = (variable: keyof StoreUrls, port: number): Record<string, string> => ({
  ...urls,
  KUBECONFIG: '',
  HOME: practice.folder,
  [variable]: (urls[variable] ?? '').replace(/(\/\/(?:[^/@]*@)?)[^/]*/, `$1127.0.0.1:${String(port)}`),
});

const by = (variable: keyof StoreUrls, port: number): Promise<Diagnosis> =>
  diagnose(practice, env(variable, port), ['--timeout', '5s']);

/** What is said of one check. */
const said = ({ report }: Diagnosis, id: string): string => {
  const check = report.checks.find((one) => one.id === id);
  return check?.reason ?? check?.detail ?? '';
};

const page: RequestListener = (_, answer) => {
  answer.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
};
const busy: RequestListener = (_, answer) => {
  answer.writeHead(503, { 'content-type': 'text/plain' }).end('Service Unavailable');
};

describe('by URL', () => {
  it('ClickHouse that answers HTML', async () => {
    const found = await by('LFCTL_CLICKHOUSE_URL', await http(page));
    expect(found.code).toBe(4);
    expect(statusOf(found, 'clickhouse/reachable')).toBe('unknown');
    expect(said(found, 'clickhouse/reachable')).toMatch(/no ClickHouse|not ClickHouse|web page|HTML/i);
  });

  it('ClickHouse and S3 that answer 503', async () => {
    for (const [variable, check] of [
      ['LFCTL_CLICKHOUSE_URL', 'clickhouse/reachable'],
      // Whoever answers is reached; that it does not let one in is for the credentials.
      ['LFCTL_S3_URL', 'objects/credentials'],
    ] as const) {
      const found = await by(variable, await http(busy));
      expect([1, 4]).toContain(found.code);
      expect(statusOf(found, check)).not.toBe('ok');
      expect(said(found, check)).toMatch(/503|Service Unavailable/);
    }
  });

  it.each([
    ['LFCTL_REDIS_URL', 'redis/reachable'],
    ['LFCTL_DATABASE_URL', 'postgres/reachable'],
    ['LFCTL_CLICKHOUSE_URL', 'clickhouse/reachable'],
    ['LFCTL_S3_URL', 'objects/reachable'],
    ['LFCTL_URL', 'web/health'],
  ] as const)('%s that closes each connection', async (variable, check) => {
    const found = await by(variable, await tcp((socket) => socket.destroy()));
    expect(found.code).toBe(1);
    expect(found.report.causes.map(({ id }) => id)).toEqual([check]);
    expect(said(found, check)).toMatch(/close|reset/);
  });

  it.each([
    ['LFCTL_REDIS_URL', 'redis/reachable'],
    ['LFCTL_DATABASE_URL', 'postgres/reachable'],
    ['LFCTL_CLICKHOUSE_URL', 'clickhouse/reachable'],
    ['LFCTL_S3_URL', 'objects/reachable'],
    ['LFCTL_URL', 'web/health'],
  ] as const)('%s that accepts and never answers', async (variable, check) => {
    const found = await by(variable, await tcp(() => undefined));
    expect(found.code).toBe(4);
    expect(statusOf(found, check)).toBe('unknown');
    expect(said(found, check)).toMatch(/no answer within/);
  });

  it.each([
    ['LFCTL_REDIS_URL', 'redis/reachable'],
    ['LFCTL_DATABASE_URL', 'postgres/reachable'],
    ['LFCTL_CLICKHOUSE_URL', 'clickhouse/reachable'],
    ['LFCTL_S3_URL', 'objects/reachable'],
  ] as const)('%s that talks without end', async (variable, check) => {
    const noise = Buffer.alloc(64 * 1024, 'x');
    const port = await tcp((socket) => {
      const talk = (): void => {
        while (!socket.destroyed && socket.write(noise));
      };
      socket.on('drain', talk);
      talk();
    });
    const found = await by(variable, port);
    expect([1, 4]).toContain(found.code);
    expect(statusOf(found, check)).not.toBe('ok');
    expect(said(found, check).length).toBeLessThan(400);
  });

  it('a health body of 10 MB, which is none', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024);
    const found = await by('LFCTL_URL', await http((_, answer) => answer.end(body)));
    expect(found).toMatchObject({ code: 1, report: { causes: [{ id: 'web/health' }] } });
    expect(JSON.stringify(found.report).length).toBeLessThan(40_000);
  });

  it('status shows it in one line each', async () => {
    const ended = await practice.lfctl(['status', '--timeout', '5s'], {
      ...env('LFCTL_REDIS_URL', await tcp((socket) => socket.destroy())),
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/Redis .*failing/);
    expectNoStack(ended);
  });
});

describe('through the cluster', () => {
  /** Points one variable of the deployment at another of its servers: its pods still have the old value. */
  const crossed = async (values: Record<string, string>): Promise<Diagnosis> => {
    const secret = await cluster.get<{ metadata: { name: string }; data: Record<string, string> }>(
      resources.secrets,
      home,
      'langfuse-env',
    );
    const base64 = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    await cluster.patch(resources.secrets, home, 'langfuse-env', { data: Object.fromEntries(base64) });
    try {
      return await diagnose(practice, {}, ['--timeout', '5s']);
    } finally {
      await cluster.patch(resources.secrets, home, 'langfuse-env', { data: secret?.data });
    }
  };

  it.each([
    ['ClickHouse', 'clickhouse/reachable', { CLICKHOUSE_URL: 'http://langfuse:3000' }],
    ['ClickHouse', 'clickhouse/reachable', { CLICKHOUSE_URL: 'http://langfuse-redis:6379' }],
    ['Redis', 'redis/reachable', { REDIS_HOST: 'langfuse-postgresql', REDIS_PORT: '5432' }],
    ['Redis', 'redis/reachable', { REDIS_HOST: 'langfuse', REDIS_PORT: '3000' }],
    ['Postgres', 'postgres/reachable', { DATABASE_URL: 'postgresql://u:p@langfuse-redis:6379/x' }],
    ['S3', 'objects/reachable', { LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: 'http://langfuse:3000' }],
    ['S3', 'objects/reachable', { LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: 'http://langfuse-redis:6379' }],
  ] as const)('%s at the address of something else: %s %o', async (_title, check, values) => {
    const found = await crossed(values);
    expect([1, 4]).toContain(found.code);
    expect(said(found, check)).not.toBe('');
    expect(said(found, check)).not.toMatch(/undefined|\[object/);
    const own = found.report.checks.filter(({ id }) => id.startsWith(`${check.split('/')[0] ?? ''}/`));
    expect(own.some(({ status }) => status === 'fail' || status === 'unknown')).toBe(true);
  });

  it('and healthy again with the right ones', async () => {
    expect((await diagnose(practice)).code).toBe(0);
  });
});

describe('where it runs', () => {
  const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');

  it('works in cron’s empty environment', async () => {
    const kubeconfig = practice.env['KUBECONFIG'] ?? '';
    for (const command of ['doctor', 'status', 'env']) {
      const ended = await call(process.execPath, [program, command, '--kubeconfig', kubeconfig], {});
      expect(ended, command).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('does not mind a reader that goes away', async () => {
    for (const command of ['doctor -v', 'doctor -o json', 'status', 'env'])
      expect(
        await practice.run('/bin/sh', [
          '-c',
          `("$0" "$1" ${command}; echo "code $?" >&2) | head -n 1 >/dev/null`,
          process.execPath,
          program,
        ]),
        command,
      ).toMatchObject({ stderr: 'code 0\n' });
  });

  it('fits in 40 columns, but for what is copied', async () => {
    await cluster.patch(resources.deployments, home, 'langfuse-worker', { spec: { replicas: 0 } });
    try {
      for (const command of ['doctor', 'status']) {
        const { code, text } = await onTerminal([program, command], 40);
        expect(code).toBe(1);
        const long = text.split(/\r?\n/).filter((line) => line.length > 40);
        expect(long.filter((line) => !/kubectl|lfctl|curl|psql/.test(line))).toEqual([]);
      }
    } finally {
      await cluster.patch(resources.deployments, home, 'langfuse-worker', { spec: { replicas: 1 } });
    }
  });

  /** What a person sees on a terminal of that width, without colour and without what was wiped. */
  const onTerminal = (
    args: readonly string[],
    columns: number,
  ): Promise<{ readonly text: string; readonly code: number }> =>
    new Promise((done) => {
      const env = { ...practice.env, TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1' };
      const terminal = spawnPty(process.execPath, [...args], { cols: columns, rows: 60, env });
      let text = '';
      terminal.onData((part) => (text += part));
      terminal.onExit(({ exitCode }) => {
        // Progress is written over and over on one line, which is wiped in the end.
        // oxlint-disable-next-line no-control-regex
        const wiped = text.replace(/[^\n]*\r?\u001B\[2?K/g, '').replace(/\u001B\[[0-9;]*[A-Za-z]/g, '');
        done({ code: exitCode, text: wiped });
      });
    });
});
