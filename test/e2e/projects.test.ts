/** Projects on a practice deployment: made by both ways alike, filled as SDKs fill them, and deleted to the last object. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { Client as ObjectsClient } from 'minio';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../src/deployment/model.ts';
import type { Workload } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import { until } from '../../src/sandbox/until.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Ended, Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

/** All of them where drills are complete, too. */
const generations: readonly Generation[] = process.env['DRILLS'] === 'all' ? [2, 3, 4] : [4];

interface Data {
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly tracesLastDay: number;
  }[];
  readonly organizations: readonly { readonly id: string }[];
  readonly project: { readonly id: string };
  readonly keys: readonly Pair[];
  readonly token: string;
  readonly plan: { readonly steps: readonly object[]; readonly notes: readonly string[] };
  readonly residue: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

interface Pair {
  readonly publicKey: string;
  readonly secretKey: string;
}

interface JournalledRun {
  readonly operation: string;
  readonly state: string;
  readonly steps: readonly { readonly state: string }[];
}

describe.each(generations)('projects of Langfuse %i', (generation) => {
  let practice: Practice;
  let cluster: TestCluster;
  let urls: StoreUrls;
  let organization = '';

  beforeAll(async () => {
    practice = await startPractice(`projects-${String(generation)}`, { generation });
    cluster = await openCluster(practice);
    urls = await cluster.urls();
  });
  afterAll(async () => {
    await practice.stop();
  });

  /** Runs it for its JSON, which must be as its schema says. */
  async function json(line: string, env?: Record<string, string>): Promise<Data & { readonly end: Ended }> {
    const end = await practice.lfctl([...line.split(' '), '-o', 'json'], env);
    const text = end.stdout === '' ? end.stderr.slice(end.stderr.lastIndexOf('\n{') + 1) : end.stdout;
    const document = JSON.parse(text) as { readonly data: Data };
    expect(await problemsOf(document), line).toBeNull();
    return { ...document.data, end };
  }

  async function rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: urls.LFCTL_DATABASE_URL.replace(/\?.*$/, '') });
    await client.connect();
    try {
      return (await client.query(sql, [...parameters])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async function clickhouse(sql: string): Promise<string> {
    const { origin, username, password } = new URL(urls.LFCTL_CLICKHOUSE_URL);
    const headers = { 'x-clickhouse-user': username, 'x-clickhouse-key': decodeURIComponent(password) };
    return (await (await fetch(`${origin}/`, { method: 'POST', headers, body: sql })).text()).trim();
  }

  /** Keys of objects that name the project. */
  async function objectsOf(projectId: string): Promise<string[]> {
    const { hostname, username, password, pathname } = new URL(urls.LFCTL_S3_URL);
    // Langfuse 2 keeps no raw events.
    if (pathname === '/') return [];
    const login = { accessKey: username, secretKey: decodeURIComponent(password) };
    const client = new ObjectsClient({ endPoint: hostname, port: 9000, useSSL: false, ...login });
    const found: string[] = [];
    for await (const { name = '' } of client.listObjectsV2(pathname.slice(1), '', true) as AsyncIterable<{
      name?: string;
    }>)
      if (name.includes(projectId)) found.push(name);
    return found;
  }

  /** What any store still has of a project, by place. */
  async function leftOf(projectId: string): Promise<string[]> {
    const tables = await rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND column_name = 'project_id' AND table_type = 'BASE TABLE' AND table_name <> 'audit_logs'`,
    );
    const left: string[] = [];
    for (const { name } of [...tables, { name: 'projects' }]) {
      const column = name === 'projects' ? 'id' : 'project_id';
      const found = await rows(`SELECT 1 FROM "${name}" WHERE ${column} = $1`, [projectId]);
      if (found.length > 0) left.push(name);
    }
    left.push(...(await objectsOf(projectId)));
    if (generation === 2) return left;
    const names = await clickhouse(
      "SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'project_id'",
    );
    for (const table of names.split('\n'))
      if ((await clickhouse(`SELECT count() FROM \`${table}\` WHERE project_id = '${projectId}'`)) !== '0')
        left.push(table);
    return left;
  }

  /** Traces, scores and raw files, as SDKs send them. */
  async function feed({ publicKey, secretKey }: Pair, count: number): Promise<void> {
    const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
    const headers = {
      authorization,
      'content-type': 'application/json',
      'x-langfuse-ingestion-version': '4',
    };
    const post = async (path: string, body: object): Promise<void> => {
      const answer = await fetch(`${urls.LFCTL_URL}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
    };
    for (let index = 0; index < count; index += 1) {
      const id = createHash('sha256')
        .update(`${publicKey} ${String(index)}`)
        .digest('hex');
      const timestamp = new Date().toISOString();
      const traceId = id.slice(0, 32);
      const score = { id: `s-${id}`, traceId, name: 'quality', value: 1 };
      const batch = [
        { id: `a-${id}`, type: 'trace-create', timestamp, body: { id: traceId, name: 'x', timestamp } },
        { id: `b-${id}`, type: 'score-create', timestamp, body: score },
      ];
      await post('/api/public/ingestion', { batch });
      if (generation !== 2) await post('/api/public/otel/v1/traces', spanOf(traceId, id.slice(32, 48)));
    }
  }

  it('is made, listed and shown, and an organisation gets its projects and keys once', async () => {
    [{ id: organization } = { id: '' }] = (await json('org list')).organizations;
    const made = await json('project create checkout --org Example');
    expect(made.end.code).toBe(0);
    expect((await json('project show checkout')).project.id).toBe(made.project.id);
    expect((await json('project create checkout')).end.code).toBe(5);
    expect((await json('project create x')).end.code).toBe(2);
    const file = join(practice.folder, 'teams.yaml');
    await writeFile(file, 'organization: Example\nprojects: [checkout, staging]\nteams: [search]\n');
    const first = await json(`project bootstrap -f ${file} --yes --to-secret default/{project}-{team}`);
    expect([first.end.code, first.keys.length]).toEqual([0, 2]);
    const second = await json(`project bootstrap -f ${file}`);
    expect([second.end.code, second.plan.steps]).toEqual([0, []]);
    const names = (await json('project list')).projects.map(({ name }) => name);
    expect(names).toEqual(['checkout', 'production', 'staging']);
    expect((await json('project rename staging stage')).end.code).toBe(0);
  });

  it('is deleted with all that it has, while its clients send, by a run that was killed and one that goes on', async () => {
    const { project } = await json('project create doomed');
    const { keys } = await json('key create -p doomed --note e2e --reveal');
    const [pair] = keys;
    if (pair === undefined) throw new Error('no key was made');
    await feed(pair, 10);
    await until('the project has rows', async () =>
      (await json('project list')).projects.some(
        ({ name, tracesLastDay }) => name === 'doomed' && tracesLastDay >= 10,
      ),
    );
    const { token, notes } = await json('project delete doomed --dry-run');
    if (generation === 4) expect(notes[0]).toMatch(/10 raw OTLP files .* 10 rows of events_full/);
    expect((await practice.lfctl(['project', 'delete', 'doomed', '--yes'])).code).toBe(5);
    const sending = feed(pair, 40).catch(() => undefined);
    const isOpen = await killWhileItRemoves(['project', 'delete', 'doomed', '--confirm', token]);
    // A fast one may have come to its end before it could be killed.
    if (isOpen) {
      const { end, residue } = await json(`project delete doomed --confirm ${token}`);
      expect(end.code, end.stderr).toBe(0);
      expect(Object.values(residue).every((count) => count === 0)).toBe(true);
    }
    await sending;
    expect(await leftOf(project.id)).toEqual([]);
    const authorization = `Basic ${Buffer.from(`${pair.publicKey}:${pair.secretKey}`).toString('base64')}`;
    const answer = await fetch(`${urls.LFCTL_URL}/api/public/projects`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect((await json('project delete doomed --dry-run')).end.code).toBe(2);
  });

  async function newestRun(): Promise<JournalledRun | undefined> {
    const { stdout } = await practice.lfctl(['journal', '-o', 'json']);
    const { data } = JSON.parse(stdout) as { data: { runs: readonly JournalledRun[] } };
    return data.runs[0];
  }

  /** kill -9 as soon as a step of it is told to be done; gives whether something is left to go on with. */
  async function killWhileItRemoves(args: readonly string[]): Promise<boolean> {
    const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
    const child = spawn(process.execPath, [program, ...args], { env: practice.env, stdio: 'ignore' });
    const ended = once(child, 'close');
    await until('the run has begun to remove', async () => {
      const run = await newestRun();
      const begun = run?.operation === 'project delete' && run.steps.some(({ state }) => state === 'done');
      return child.exitCode !== null || begun;
    });
    child.kill('SIGKILL');
    await ended;
    // Nobody renews it: without this the next run would watch it for its 15 seconds.
    await cluster.remove(resources.leases, home, 'lfctl-langfuse-projects');
    return (await newestRun())?.state === 'open';
  }

  it.skipIf(generation === 2)('is the same row when Langfuse makes it through its API', async () => {
    const licence = { LANGFUSE_EE_LICENSE_KEY: 'langfuse_ee_practice', ADMIN_API_KEY: 'practice-admin-key' };
    await setVariables(licence);
    const pair = await organizationKey(licence.ADMIN_API_KEY);
    const env = { LFCTL_ORG_PUBLIC_KEY: pair.publicKey, LFCTL_ORG_SECRET_KEY: pair.secretKey };
    expect((await json('project create by-api', env)).plan.notes).toEqual(['written by Langfuse itself']);
    expect((await json('project create by-sql')).end.code).toBe(0);
    const [api, sql] = await rows<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(p) AS row FROM projects p WHERE name LIKE 'by-%' ORDER BY name`,
    );
    expect(comparable(sql?.row)).toEqual(comparable(api?.row));
    const alone = { ...env, LFCTL_URL: urls.LFCTL_URL, KUBECONFIG: '' };
    const { stdout, stderr } = await practice.lfctl(['project', 'show', 'by-sql', '--debug'], alone);
    expect(stdout).toContain('by-sql');
    expect(`${stdout}${stderr}`).not.toContain(pair.secretKey);
    const listed = await json('project list', alone);
    expect(listed.end.code, listed.end.stderr).toBe(0);
    expect(listed.projects.map(({ name }) => name)).toContain('by-sql');
    expect((await json('project rename by-api by-api-2', alone)).end.code).toBe(0);
    const { token } = await json('project delete by-api-2 --dry-run', alone);
    expect((await json(`project delete by-api-2 --confirm ${token}`, alone)).end.code).toBe(0);
    expect((await json('project list', alone)).projects.map(({ name }) => name)).not.toContain('by-api-2');
  });

  /** A pair of the organisation, as soon as a web with these variables answers. */
  async function organizationKey(admin: string): Promise<Pair> {
    let made: Pair | null = null;
    await until('the administrative API makes a key', async () => {
      const answer = await fetch(`${urls.LFCTL_URL}/api/admin/organizations/${organization}/apiKeys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
        body: '{"note":"lfctl"}',
      });
      const body = (await answer.json()) as Partial<Pair>;
      if (body.publicKey === undefined || body.secretKey === undefined) return false;
      made = { publicKey: body.publicKey, secretKey: body.secretKey };
      return true;
    });
    if (made === null) throw new Error('no key was made');
    return made;
  }

  /** Variables of web, and a rollout that is over: an old web has no licence. */
  async function setVariables(values: Readonly<Record<string, string>>): Promise<void> {
    const found = await cluster.get<Workload>(resources.deployments, home, 'langfuse');
    const containers = (found?.spec?.template.spec.containers ?? []).map((container) => ({
      ...container,
      env: [...(container.env ?? []), ...Object.entries(values).map(([name, value]) => ({ name, value }))],
    }));
    await cluster.patch(resources.deployments, home, 'langfuse', {
      spec: { template: { spec: { containers } } },
    });
    await until('web is rolled out', async () => {
      const { metadata, spec, status } =
        (await cluster.get<Workload>(resources.deployments, home, 'langfuse')) ?? {};
      return (
        status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === spec?.replicas &&
        status?.readyReplicas === spec?.replicas &&
        status?.replicas === spec?.replicas
      );
    });
  }
});

/** One span, as OTLP has it in JSON. */
function spanOf(traceId: string, spanId: string): object {
  const nanos = `${String(Date.now())}000000`;
  const span = { traceId, spanId, name: 'x', kind: 1, startTimeUnixNano: nanos, endTimeUnixNano: nanos };
  return {
    resourceSpans: [
      { scopeSpans: [{ scope: { name: 'langfuse-sdk' }, spans: [{ ...span, attributes: [] }] }] },
    ],
  };
}

/** A row without what differs from project to project; times by their form, and whether they are alike. */
function comparable(row: Readonly<Record<string, unknown>> = {}): object {
  const { id, name: _name, created_at: created, updated_at: updated, ...rest } = row;
  const digits = (value: unknown): string => String(value).replaceAll(/\d/g, '9').replace(/\.9+$/, '.9');
  return {
    ...rest,
    id: /^c[0-9a-z]{24}$/.test(String(id)),
    created: digits(created),
    updated: digits(updated),
    alike: Math.abs(Date.parse(String(created)) - Date.parse(String(updated))) < 5,
  };
}
