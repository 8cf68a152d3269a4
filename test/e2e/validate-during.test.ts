/** Many canaries while something changes: what is reported is held against the stores themselves. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workload } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { CleanReport, ValidateReport } from '../../src/validate/report.ts';
import { canaryPrefix } from '../../src/validate/canary-id.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

let practice: Practice;
let cluster: TestCluster;
let urls: StoreUrls;
let secrets: readonly (readonly [name: string, value: string])[];

beforeAll(async () => {
  practice = await startPractice('validate-during');
  cluster = await openCluster(practice);
  urls = await cluster.urls();
  secrets = [...(await cluster.secretValues())];
  expect(secrets.length).toBeGreaterThan(10);
});

afterAll(async () => {
  await practice.stop();
});

interface During {
  readonly code: number | null;
  readonly report: ValidateReport;
  readonly stderr: string;
}

/** Runs `validate --during` with a command that lasts as long as the change. */
async function during(change: () => Promise<void>, flags: readonly string[] = []): Promise<During> {
  const [begun, done] = ['begun', 'done'].map((name) => join(practice.folder, `${name}-${randomUUID()}`));
  // What it is given is shown, and looked through for secrets.
  const wait = `env; touch ${begun}; while [ ! -e ${done} ]; do sleep 0.1; done; echo changed`;
  const line = ['validate', '-o', 'json', ...flags, '--during', '--', 'sh', '-c', wait];
  const running = practice.lfctl(line);
  const changing = (async () => {
    await until(async () => await isThere(begun ?? ''), running);
    try {
      await change();
    } finally {
      await writeFile(done ?? '', '');
    }
  })();
  const [{ code, stdout, stderr }] = await Promise.all([running, changing]);
  const document: unknown = JSON.parse(stdout);
  expect(await problemsOf(document)).toBeNull();
  expect(stderr).toContain(`KUBECONFIG=${practice.env['KUBECONFIG'] ?? ''}`);
  expect(secrets.filter(([, value]) => `${stdout}${stderr}`.includes(value)).map(([name]) => name)).toEqual(
    [],
  );
  return { code, stderr, report: (document as { data: ValidateReport }).data };
}

const isThere = async (file: string): Promise<boolean> =>
  await access(file).then(
    () => true,
    () => false,
  );

/** Waits for a condition, and no longer than something else lasts. */
async function until(condition: () => Promise<boolean>, noLonger?: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  void noLonger?.then(() => over.abort());
  while (!over.signal.aborted && !(await condition())) await pause(100);
}

const left = async (): Promise<CleanReport> => {
  const { stdout } = await practice.lfctl(['validate', '--clean', '-o', 'json']);
  return (JSON.parse(stdout) as { data: CleanReport }).data;
};

async function isRolledOut(name: string): Promise<boolean> {
  const { metadata, spec, status } = (await cluster.get<Workload>(resources.deployments, home, name)) ?? {};
  return (
    status?.observedGeneration === metadata?.generation &&
    status?.updatedReplicas === spec?.replicas &&
    status?.readyReplicas === spec?.replicas &&
    status?.replicas === spec?.replicas
  );
}

/** The patch of `kubectl rollout restart`. */
async function restart(name: string): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await cluster.patch(resources.deployments, home, name, {
    spec: { template: { metadata: { annotations } } },
  });
}

/** Ids of the generations that ClickHouse has ever held, as far as they were there for half a second. */
function watchRows(): { readonly stop: () => Promise<ReadonlySet<string>> } {
  const seen = new Set<string>();
  const url = new URL(urls.LFCTL_CLICKHOUSE_URL);
  const login = { 'x-clickhouse-user': url.username, 'x-clickhouse-key': decodeURIComponent(url.password) };
  const sql = `SELECT DISTINCT id FROM observations WHERE startsWith(trace_id, '${canaryPrefix}') AND type = 'GENERATION' FORMAT TSV`;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const answer = await fetch(`${url.origin}/`, { method: 'POST', headers: login, body: sql });
      const text = await answer.text();
      if (answer.ok) for (const id of text.split('\n').filter((line) => line !== '')) seen.add(id);
      await pause(200);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await watching;
      return seen;
    },
  };
}

describe('before something changes', () => {
  it('a command is not started where web does not answer', async () => {
    const file = join(practice.folder, 'touched');
    const { code, stdout } = await practice.lfctl(['validate', '--during', '--', 'touch', file], {
      KUBECONFIG: '',
      LFCTL_URL: 'http://127.0.0.1:1',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-x',
      LANGFUSE_SECRET_KEY: 'sk-lf-x',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('the command was not started');
    expect(await isThere(file)).toBe(false);
  });
});

describe('while something changes', () => {
  it('a rollout restart of web and worker loses nothing, and nothing is left', async () => {
    const { code, report, stderr } = await during(async () => {
      const names = ['langfuse', 'langfuse-worker'];
      await Promise.all(names.map(restart));
      for (const name of names) await until(async () => await isRolledOut(name));
      // Another's clean-up leaves them alone.
      await until(async () => (await left()).underWay > 0);
    });
    expect(report.during, stderr).toMatchObject({
      lost: 0,
      unknown: 0,
      notAccepted: 0,
      command: { program: 'sh', exitCode: 0 },
    });
    expect(stderr).toContain('changed');
    expect(code).toBe(0);
    const { sent = 0, accepted, arrived } = report.during ?? {};
    expect(sent).toBeGreaterThan(5);
    expect([accepted, arrived]).toEqual([sent, sent]);
    expect(report.residue).toMatchObject({ total: 0, unknown: {} });
    expect(await left()).toMatchObject({ found: 0, residue: { total: 0 } });
  });

  it('Ctrl-C ends the command as well, and nothing is left', async () => {
    const begun = join(practice.folder, 'begun-and-interrupted');
    const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
    const wait = `trap 'echo told; exit 9' INT; touch ${begun}; while :; do sleep 0.1; done`;
    const child = spawn(process.execPath, [program, 'validate', '--during', '--', 'sh', '-c', wait], {
      env: { ...practice.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, 'close') as Promise<[number | null]>;
    // It begins when the first canary was accepted.
    await until(async () => await isThere(begun), ended);
    child.kill('SIGINT');
    const [code] = await ended;
    expect(said).toContain('told');
    expect(code, said).toBe(130);
    expect(await left()).toMatchObject({ found: 0, residue: { total: 0 } });
  });

  it('a Redis that is killed with all that it holds loses as many as the stores lack', async () => {
    const rows = watchRows();
    const { code, report } = await during(async () => {
      // JSON events wait for 5 s, so some are there.
      await pause(2000);
      const redis = new Redis(urls.LFCTL_REDIS_URL, { lazyConnect: true });
      redis.on('error', () => undefined);
      await redis.connect();
      await redis.flushall();
      redis.disconnect();
      await once(redis, 'end');
      await cluster.remove(resources.pods, home, 'langfuse-redis-0');
    }, ['--timeout', '11s']);
    const stored = await rows.stop();
    const { accepted = 0, notAccepted = 0, arrived = 0, lost = 0, sent } = report.during ?? {};
    expect(lost).toBeGreaterThan(0);
    expect(arrived).toBe(stored.size);
    expect(accepted + notAccepted).toBe(sent);
    // One that was refused may have arrived all the same.
    expect(arrived - (accepted - lost)).toBeGreaterThanOrEqual(0);
    expect(arrived - (accepted - lost)).toBeLessThanOrEqual(notAccepted);
    expect(report).toMatchObject({ verdict: 'findings', residue: { total: 0, unknown: {} } });
    expect(code).toBe(1);
    expect(await left()).toMatchObject({ found: 0, residue: { total: 0 } });
  });
});
