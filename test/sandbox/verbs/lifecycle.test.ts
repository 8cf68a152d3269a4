import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, signalProcess } from '../../../src/sandbox/process-identity.ts';
import { seededSecrets } from '../../../src/sandbox/layouts/secrets.ts';
import { alone } from '../../../src/sandbox/lock.ts';
import { sandboxFolder } from '../../../src/sandbox/state.ts';
import type { SupervisorStatus } from '../../../src/sandbox/state.ts';
import { readStateJson } from '../../../src/sandbox/state-file.ts';
import { breakFaults, mendFaults } from '../../../src/sandbox/verbs/change.ts';
import type { VerbContext } from '../../../src/sandbox/verbs/context.ts';
import { sandboxDown } from '../../../src/sandbox/verbs/down.ts';
import { sandboxLoad } from '../../../src/sandbox/verbs/load.ts';
import type { PodProcess } from '../../../src/sandbox/verbs/pod-processes.ts';
import { podProcesses } from '../../../src/sandbox/verbs/pod-processes.ts';
import { openSandbox } from '../../../src/sandbox/verbs/open.ts';
import { faultContext } from '../../../src/sandbox/fault-context.ts';
import { allUp, sandboxStatus } from '../../../src/sandbox/verbs/status.ts';
import { sandboxUp } from '../../../src/sandbox/verbs/up.ts';
import { until } from '../../../src/sandbox/until.ts';

/** One sandbox for the whole file: each test leaves it up and healthy. Needs the built programs in dist. */
const options = { name: 'life', generation: 3, layout: 'runbook', seed: '7' } as const;
let state = '';

function context(signal = new AbortController().signal): VerbContext {
  return {
    stateFolder: state,
    cacheFolder: join(state, 'cache'),
    env: process.env,
    now: () => new Date(),
    progress: () => undefined,
    note: () => undefined,
    signal,
    programFolder: resolve(process.env['LFCTL_DIST'] ?? 'dist'),
  };
}

const supervisorStatus = (): Promise<SupervisorStatus | null> =>
  readStateJson<SupervisorStatus>(sandboxFolder(state, options.name).status);

const pods = (): Promise<PodProcess[]> => podProcesses(sandboxFolder(state, options.name));

/** Command lines of processes that know this state folder. */
function processesOfState(): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(state));
}

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'lfctl-life-'));
  await sandboxUp(context(), options);
}, 120_000);

afterAll(async () => {
  await sandboxDown(context(), options.name);
  await rm(state, { recursive: true, force: true });
}, 60_000);

describe('a sandbox', () => {
  it('is up with all its parts, and a second up changes nothing', async () => {
    const before = await pods();
    const again = await sandboxUp(context(), options);
    expect(again.started).toBe(false);
    expect(again.status.parts.map(({ id }) => id)).toContain('hyperplane-litellm/litellm');
    expect(allUp(again.status)).toBe(true);
    expect(await pods()).toEqual(before);
  });

  it('keeps its kubeconfig and its records to its owner', async () => {
    const folder = sandboxFolder(state, options.name);
    for (const file of [folder.kubeconfig, folder.record, folder.cluster, folder.status])
      expect([file, (await stat(file)).mode & 0o077]).toEqual([file, 0]);
  });

  it('puts no secret into arguments or its log', async () => {
    const secrets = Object.values(seededSecrets(options.seed));
    const log = await readFile(sandboxFolder(state, options.name).log, 'utf8');
    const shown = `${log}\n${processesOfState().join('\n')}`;
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('takes the traffic of both SDK shapes, through the Service and the load balancer', async () => {
    for (const through of ['service', 'load-balancer'] as const) {
      const { name } = options;
      const secret = through === 'service' ? null : 'hyperplane-litellm/litellm-env';
      const report = await sandboxLoad(context(), { name, rps: 20, durationMs: 500, through, secret });
      expect(report).toMatchObject({ sent: 10, accepted: 10, refused: 0, unanswered: 0, pairs: 1 });
    }
  });

  it('holds the rows the app would have written', async () => {
    const { client, names, record, secrets } = await openSandbox(context(), options.name);
    const memory = { get: () => undefined, set: () => undefined };
    const { postgres } = faultContext({ client, names, record, secrets, memory, now: () => new Date() });
    const keys = await postgres('select note, public_key, last_used_at from api_keys');
    expect(keys).toEqual([{ note: 'litellm', public_key: secrets.PUBLIC_KEY, last_used_at: null }]);
    const projects = await postgres(
      'select p.name, o.name as organization from projects p join organizations o on o.id = p.org_id',
    );
    expect(projects).toEqual([{ name: 'production', organization: 'Example' }]);
  });

  it('refuses to become another sandbox', async () => {
    const changed = sandboxUp(context(), { ...options, seed: '8' });
    await expect(changed).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('another seed'),
    });
  });

  it('lets one up at a time change it', async () => {
    const { lock } = sandboxFolder(context().stateFolder, options.name);
    await alone(lock, 'up', async () => {
      await expect(sandboxUp(context(), options)).rejects.toMatchObject({ code: 'SANDBOX_BUSY' });
    });
    expect((await sandboxUp(context(), options)).started).toBe(false);
  });
});

describe('after kill -9', () => {
  it('of the supervisor, status names it, and up takes over its pods with their data', async () => {
    const before = await pods();
    const status = await supervisorStatus();
    if (status === null) throw new Error('no status');
    signalProcess(status.supervisor, 'SIGKILL');
    await until('it is gone', () => Promise.resolve(!isAlive(status.supervisor)));
    const seen = await sandboxStatus(context(), options.name);
    expect(seen.parts.filter((part) => part.status === 'down').map(({ id }) => id)).toContain('supervisor');
    const repaired = await sandboxUp(context(), options);
    expect(repaired.started).toBe(true);
    const now = await pods();
    expect(new Set(now.map(({ pid }) => pid))).toEqual(new Set(before.map(({ pid }) => pid)));
  });

  it('of a store, it comes back by itself with its data', async () => {
    const { client, names, record, secrets } = await openSandbox(context(), options.name);
    const memory = { get: () => undefined, set: () => undefined };
    const { redis } = faultContext({ client, names, record, secrets, memory, now: () => new Date() });
    await redis('SET', 'kept', 'value');
    const [victim] = (await pods()).filter(({ id }) => id.includes('langfuse-redis'));
    if (victim === undefined) throw new Error('no redis pod');
    signalProcess(victim, 'SIGKILL');
    await until('redis answers again', async () => (await redis('GET', 'kept')) === 'value');
    expect(allUp((await sandboxUp(context(), options)).status)).toBe(true);
  });
});

describe('a fault', () => {
  it('is remembered until it is mended', async () => {
    const broken = await breakFaults(context(), options.name, ['redis-down']);
    expect(broken.faults).toEqual([expect.objectContaining({ name: 'redis-down', outcome: 'broken' })]);
    const status = await sandboxStatus(context(), options.name);
    expect(status.faults.map(({ name }) => name)).toEqual(['redis-down']);
    expect(status.parts.find(({ id }) => id.endsWith('langfuse-redis'))).toMatchObject({ status: 'down' });
    const again = await breakFaults(context(), options.name, ['redis-down']);
    expect(again.faults[0]).toMatchObject({ outcome: 'unchanged' });
    await mendFaults(context(), options.name, 'all');
    const healed = await sandboxStatus(context(), options.name);
    expect(healed.faults).toEqual([]);
    expect(allUp(healed)).toBe(true);
  });

  it('reaches every store with its own login', async () => {
    const { client, names, record, secrets } = await openSandbox(context(), options.name);
    const memory = { get: () => undefined, set: () => undefined };
    const world = faultContext({ client, names, record, secrets, memory, now: () => new Date() });
    expect(await world.postgres('select current_user::text as who')).toEqual([{ who: 'langfuse' }]);
    expect(await world.clickhouse('select currentUser() as who')).toHaveLength(1);
    expect(await world.redis('CONFIG', 'GET', 'maxmemory-policy')).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
    await expect(world.clickhouse('select nonsense')).rejects.toMatchObject({ code: 'SANDBOX_START' });
  });

  it('of an unknown name changes nothing', async () => {
    const broken = breakFaults(context(), options.name, ['worker-down', 'redis-gone']);
    await expect(broken).rejects.toMatchObject({
      code: 'SANDBOX_FAULT',
      message: expect.stringContaining('redis-down'),
    });
    expect((await sandboxStatus(context(), options.name)).faults).toEqual([]);
  });

  it('that cannot be finished can still be mended', async () => {
    const half = {
      name: 'half',
      area: 'test',
      summary: 'stops in the middle',
      firstVerdict: 'kube/pods',
      expects: 'findings',
      generations: [3],
      layouts: ['runbook'],
      break: async ({ memory }: { memory: { set: (key: string, value: unknown) => void } }) => {
        memory.set('before', 'kept');
        throw new Error('cut off');
      },
      mend: async ({ memory }: { memory: { get: (key: string) => unknown } }) => {
        expect(memory.get('before')).toBe('kept');
      },
    } as const;
    await expect(breakFaults(context(), options.name, ['half'], [half])).rejects.toThrow('cut off');
    const mended = await mendFaults(context(), options.name, ['half'], [half]);
    expect(mended.faults[0]).toMatchObject({ outcome: 'mended' });
  });
});

describe('a second sandbox', () => {
  it('is refused a port that is taken, and goes with down', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const up = sandboxUp(context(), { ...options, name: 'second', apiPort: port });
    await expect(up).rejects.toMatchObject({
      code: 'SANDBOX_PORT',
      message: expect.stringContaining(String(port)),
    });
    server.close();
    await sandboxDown(context(), 'second');
    await expect(access(sandboxFolder(state, 'second').root)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(allUp(await sandboxStatus(context(), options.name))).toBe(true);
  });

  it('that is interrupted while it starts goes on, and down leaves nothing of it', async () => {
    const abort = new AbortController();
    const notes: string[] = [];
    const interrupted = { ...context(abort.signal), note: (text: string) => void notes.push(text) };
    const up = sandboxUp(
      { ...interrupted, progress: () => abort.abort(new Error('interrupted')) },
      { ...options, name: 'third' },
    );
    await expect(up).rejects.toThrow('interrupted');
    expect(notes.join()).toContain('sandbox down');
    await sandboxDown(context(), 'third');
    expect(processesOfState().filter((line) => line.includes('third'))).toEqual([]);
  });
});

describe('a state folder that takes nothing', () => {
  it('is named', async () => {
    const up = sandboxUp({ ...context(), stateFolder: '/dev/full/lfctl' }, options);
    await expect(up).rejects.toMatchObject({ code: 'SANDBOX_DISK' });
  });
});

describe('a log that cannot be written', () => {
  it('does not keep the supervisor busy', async () => {
    const full = openSync('/dev/full', 'w');
    const entry = join(context().programFolder ?? '', 'sandbox-supervisor.js');
    const child = spawn(process.execPath, [entry, join(state, 'none'), 'none'], {
      stdio: ['ignore', 'ignore', full],
    });
    closeSync(full);
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(8000) });
    const [code] = (await ended.finally(() => child.kill('SIGKILL'))) as [number];
    expect(code).toBe(1);
  }, 10_000);
});

describe('down', () => {
  it('of a sandbox that is not there is nothing to do', async () => {
    expect(await sandboxDown(context(), 'nobody')).toEqual({ name: 'nobody', removed: false });
  });

  it('takes the folders of sandboxes with the last one', async () => {
    const stateFolder = join(state, 'alone');
    const folder = sandboxFolder(stateFolder, 'only');
    await mkdir(join(folder.root, 'node'), { recursive: true });
    await mkdir(join(stateFolder, 'sandbox', 'other'));
    const down = (name: string): Promise<unknown> => sandboxDown({ ...context(), stateFolder }, name);
    await down('only');
    expect(await readdir(join(stateFolder, 'sandbox'))).toEqual(['other']);
    await down('other');
    await expect(access(stateFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends pods whose supervisor was killed', async () => {
    await sandboxUp(context(), { ...options, name: 'orphans' });
    const status = await readStateJson<SupervisorStatus>(sandboxFolder(state, 'orphans').status);
    if (status === null) throw new Error('no status');
    const orphans = await podProcesses(sandboxFolder(state, 'orphans'));
    expect(orphans).toHaveLength(7);
    signalProcess(status.supervisor, 'SIGKILL');
    const redis = orphans.find(({ id }) => id.includes('langfuse-redis'));
    if (redis === undefined) throw new Error('no redis process');
    signalProcess(redis, 'SIGKILL', 'group');
    await until('both are gone', () => Promise.resolve(!isAlive(redis) && !isAlive(status.supervisor)));
    const seen = await sandboxStatus(context(), 'orphans');
    const down = seen.parts.filter((part) => part.status === 'down').map(({ id }) => id);
    expect(down).toContain('hyperplane-langfuse/langfuse-redis-0/redis');
    expect(down).not.toContain('hyperplane-langfuse/langfuse-postgresql-0/postgresql');
    await sandboxDown(context(), 'orphans');
    expect(orphans.filter((pod) => isAlive(pod))).toEqual([]);
    expect(processesOfState().filter((line) => line.includes('orphans'))).toEqual([]);
  });
});
