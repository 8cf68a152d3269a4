/** Every store falls silent: connections that never answer. Never healthy, never a hang, and healthy again after. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoreUrls } from '../support/cluster.ts';
import { openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';
import { diagnose, expectNoStack, statusOf } from '../support/reports.ts';
import { silenceStores } from '../support/store-processes.ts';

let practice: Practice;
let urls: StoreUrls;
let resume: () => void = () => undefined;

beforeAll(async () => {
  practice = await startPractice('hole');
  urls = await (await openCluster(practice)).urls();
});

afterEach(() => {
  resume();
});

afterAll(async () => {
  await practice.stop();
});

const reach = ['postgres/reachable', 'clickhouse/reachable', 'redis/reachable', 'objects/reachable'];

describe('stores that never answer', () => {
  it('are not healthy: first incomplete, then found by pods and logs; and healthy when they answer again', async () => {
    resume = await silenceStores(practice);
    const first = await diagnose(practice);
    expect([1, 4]).toContain(first.code);
    for (const id of reach) expect(['fail', 'unknown'], id).toContain(statusOf(first, id));
    const status = await practice.lfctl(['status']);
    expect([1, 4]).toContain(status.code);
    expectNoStack(status);
    const later = await diagnose(practice, {}, ['--only', 'postgres,redis,clickhouse,objects']);
    expect([1, 4]).toContain(later.code);
    resume();
    const after = await practice.lfctl(['doctor', '--wait', '90s']);
    expect(after.code, after.stdout).toBe(0);
  });

  it('by URL are incomplete', async () => {
    resume = await silenceStores(practice);
    const only = ['--only', 'postgres,redis,clickhouse,objects', '--timeout', '4s'];
    const found = await diagnose(practice, { ...urls, KUBECONFIG: '', HOME: practice.folder }, only);
    expect(found.code).toBe(4);
    for (const id of reach) expect(statusOf(found, id), id).toBe('unknown');
    resume();
    expect((await practice.lfctl(['doctor', '--wait', '90s'])).code).toBe(0);
  });
});

describe('a signal in the middle of it', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with %i, without a stack and without a report', async (signal, code) => {
    resume = await silenceStores(practice);
    const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
    const child = spawn(process.execPath, [program, 'doctor', '--debug'], { env: practice.env });
    const ended = once(child, 'close');
    let stderr = '';
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    // The request log tells that it is under way.
    const underWay = new Promise<void>((done) => {
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
        if (stderr.includes('port-forward') || stderr.includes('forward')) done();
      });
    });
    await underWay;
    child.kill(signal);
    const [end] = (await ended) as [number];
    expect(end).toBe(code);
    expect(stdout).toBe('');
    resume();
    expect((await practice.lfctl(['doctor', '--wait', '90s'])).code).toBe(0);
  });
});

describe('a listener whose queue is full', () => {
  it('is incomplete', async () => {
    // Stopped before it accepts: after one connection more than the queue holds, the kernel drops what comes.
    const script =
      "const s=require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const sockets: Socket[] = [];
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(line.toString());
      child.kill('SIGSTOP');
      for (let count = 0; count < 4; count += 1)
        sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
      await once(sockets[0] as Socket, 'connect');
      const found = await diagnose(
        practice,
        { KUBECONFIG: '', HOME: practice.folder, LFCTL_REDIS_URL: `redis://127.0.0.1:${String(port)}` },
        ['--timeout', '3s'],
      );
      expect(found.code).toBe(4);
      expect(statusOf(found, 'redis/reachable')).toBe('unknown');
    } finally {
      for (const socket of sockets) socket.destroy();
      child.kill('SIGKILL');
    }
  });
});
