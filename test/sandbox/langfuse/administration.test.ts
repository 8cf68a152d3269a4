import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fastHash } from '../../../src/sandbox/programs/langfuse/api-key.ts';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { bucket, withQueue } from './deliver.ts';
import { basic, labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';
import { startWorker } from './worker-runs.ts';

const admin = { authorization: 'Bearer admin-key' };
const licence = { ADMIN_API_KEY: 'admin-key', LANGFUSE_EE_LICENSE_KEY: 'langfuse_ee_lab' };

/** A busy machine may take its time over a start or a job. */
const patienceMs = 50_000;

let lab: Lab;
let licensed: LabProgram;
let free: LabProgram;
let orgKey: Record<string, string>;

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One request; the path decides nothing but where it goes. */
async function ask(
  headers: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: unknown,
  from = licensed,
): Promise<Answered> {
  const answer = await fetch(`${from.url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as never };
}

async function ready(more: Readonly<Record<string, string>>): Promise<LabProgram> {
  const started = lab.start(langfuseWebServer, more);
  await eventually(async () => {
    const answer = await fetch(`${started.url}/api/public/projects`, { headers: labKey });
    if (!answer.ok) throw new Error(`${answer.status}`);
  }, patienceMs);
  return started;
}

/** The pair of an answer that made a key. */
const pairOf = ({ body }: Answered): Record<string, string> =>
  basic(String(body['publicKey']), String(body['secretKey']));

beforeAll(async () => {
  lab = await openLab();
  licensed = await ready(licence);
  free = await ready({ ADMIN_API_KEY: 'admin-key', REDIS_KEY_PREFIX: 'lf:' });
  orgKey = pairOf(await ask(admin, 'POST', '/api/admin/organizations/lab-org/apiKeys', { note: 'org' }));
}, 180_000);
afterAll(async () => await lab.close());

describe('the admin API', () => {
  it('says what is missing', async () => {
    const path = '/api/admin/organizations';
    expect(await ask({}, 'GET', path)).toEqual({
      status: 401,
      body: { error: 'Unauthorized: No authorization header provided' },
    });
    expect(await ask({ authorization: 'Bearer wrong' }, 'GET', path)).toEqual({
      status: 401,
      body: { error: 'Unauthorized: Invalid token' },
    });
    expect(await ask(admin, 'GET', path, undefined, free)).toEqual({
      status: 403,
      body: { error: 'This feature is not available on your current plan.' },
    });
    expect(await ask(admin, 'PATCH', path)).toEqual({ status: 405, body: { error: 'Method Not Allowed' } });
  });

  it('makes organisations and their keys, and deletes only what holds nothing', async () => {
    const made = await ask(admin, 'POST', '/api/admin/organizations', { name: 'Other' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Other', metadata: {}, projects: [] } });
    const path = `/api/admin/organizations/${String(made.body['id'])}`;
    expect((await ask(admin, 'PUT', path, { name: 'Renamed' })).body).toMatchObject({ name: 'Renamed' });
    expect(await ask(admin, 'DELETE', path)).toEqual({ status: 200, body: { success: true } });
    expect(await ask(admin, 'GET', path)).toEqual({ status: 404, body: { error: 'Organization not found' } });
    expect((await ask(admin, 'DELETE', '/api/admin/organizations/lab-org')).body).toEqual({
      error: 'Cannot delete organization with existing projects',
      message: 'Please delete or transfer all projects before deleting the organization.',
    });
    expect((await ask(admin, 'POST', '/api/admin/organizations', { name: 'x' })).body).toEqual({
      error: 'Invalid request body',
      details: { _errors: [], name: { _errors: ['Must have at least 3 characters'] } },
    });
    expect(
      await lab.sql(
        `SELECT api_key_id, type, action, user_id, org_id = resource_id AS own FROM audit_logs
         WHERE resource_type = 'organization' ORDER BY action`,
      ),
    ).toEqual(
      ['create', 'delete', 'update'].map((action) => ({
        api_key_id: 'ADMIN_KEY',
        type: 'API_KEY',
        action,
        user_id: null,
        own: true,
      })),
    );
  });
});

describe('a key of an organisation', () => {
  it('is needed, with the licence, to administer projects', async () => {
    const needed = 'Invalid API key. Organization-scoped API key required for this operation.';
    const body = { name: 'staging' };
    expect(await ask(labKey, 'POST', '/api/public/projects', body)).toEqual({
      status: 403,
      body: { message: needed },
    });
    expect(await ask(labKey, 'GET', '/api/public/organizations/projects')).toEqual({
      status: 403,
      body: { error: needed },
    });
    await lab.redis.flushall();
    expect(await ask(orgKey, 'POST', '/api/public/projects', body, free)).toEqual({
      status: 403,
      body: { error: 'This feature is not available on your current plan.' },
    });
    await lab.redis.flushall();
    expect(await ask(orgKey, 'GET', '/api/public/projects')).toEqual({
      status: 403,
      body: { message: 'Invalid API key. Are you using an organization key?' },
    });
    const [row] = await lab.sql(`SELECT public_key FROM api_keys WHERE scope = 'ORGANIZATION'`);
    const bearer = { authorization: `Bearer ${String(row?.['public_key'])}` };
    expect((await ask(bearer, 'GET', '/api/public/projects')).body['message']).toMatch(
      /^Unauthorized: Cannot use organization key with bearer auth\. /,
    );
  });

  it('makes, changes and lists projects', async () => {
    const made = await ask(orgKey, 'POST', '/api/public/projects', { name: 'staging', retention: 7 });
    expect(made).toMatchObject({ status: 201, body: { name: 'staging', metadata: {}, retentionDays: 7 } });
    const path = `/api/public/projects/${String(made.body['id'])}`;
    const again = await ask(orgKey, 'POST', '/api/public/projects', { name: 'staging' });
    expect(again).toEqual({
      status: 409,
      body: { message: 'A project with this name already exists in your organization' },
    });
    const changed = await ask(orgKey, 'PUT', path, { name: 'stage', retention: 0, metadata: { a: 1 } });
    expect(changed.body).toEqual({ id: made.body['id'], name: 'stage', metadata: { a: 1 } });
    expect((await ask(orgKey, 'PUT', path, {})).body).toEqual({
      message: 'Invalid project name. Should be between 3 and 60 characters.',
    });
    expect((await ask(orgKey, 'PUT', path, { name: 'stage', retention: 2 })).body).toEqual({
      message: 'Invalid retention value. Must be 0 or at least 3 days.',
    });
    const { body } = await ask(orgKey, 'GET', '/api/public/organizations/projects');
    expect((body['projects'] as { name: string }[]).map(({ name }) => name).sort()).toEqual([
      'production',
      'stage',
    ]);
    expect(await ask(orgKey, 'DELETE', '/api/public/projects/none')).toEqual({
      status: 404,
      body: { message: "Project not found or you don't have access to it" },
    });
    expect(await ask(orgKey, 'GET', path)).toEqual({ status: 405, body: { message: 'Method not allowed' } });
  });

  it('makes keys as the app does, and deletes them from the cache first', async () => {
    const keys = '/api/public/projects/lab-project/apiKeys';
    const made = await ask(orgKey, 'POST', keys, { note: 'team' });
    expect(made.status).toBe(201);
    const secret = String(made.body['secretKey']);
    expect(Object.keys(made.body)).toEqual([
      'id',
      'createdAt',
      'note',
      'publicKey',
      'secretKey',
      'displaySecretKey',
    ]);
    expect((await ask(pairOf(made), 'GET', '/api/public/projects')).status).toBe(200);
    const cached = `api-key:${fastHash(secret, 'labsalt')}`;
    expect(await lab.redis.exists(cached)).toBe(1);
    const listed = (await ask(orgKey, 'GET', keys)).body['apiKeys'] as Record<string, unknown>[];
    expect(listed.at(-1)).toMatchObject({ id: made.body['id'], note: 'team', lastUsedAt: null });
    const path = `${keys}/${String(made.body['id'])}`;
    expect(await ask(orgKey, 'DELETE', path)).toEqual({ status: 200, body: { success: true } });
    expect(await lab.redis.exists(cached)).toBe(0);
    expect(await ask(orgKey, 'DELETE', path)).toEqual({
      status: 404,
      body: { message: 'API key not found' },
    });
    expect(
      await lab.sql(
        `SELECT action, api_key_id, type, project_id FROM audit_logs WHERE resource_id = $1 ORDER BY action`,
        [made.body['id']],
      ),
    ).toEqual(
      ['create', 'delete'].map((action) => ({
        action,
        api_key_id: 'ORG_KEY',
        type: 'API_KEY',
        project_id: 'lab-project',
      })),
    );
  });

  it('takes a pair that it is given, once', async () => {
    const keys = '/api/public/projects/lab-project/apiKeys';
    const pair = { publicKey: 'pk-lf-given', secretKey: 'sk-lf-given' };
    expect((await ask(orgKey, 'POST', keys, pair)).body).toMatchObject(pair);
    expect(await ask(orgKey, 'POST', keys, pair)).toEqual({
      status: 409,
      body: { message: 'API key with the provided publicKey or secretKey already exists' },
    });
    expect((await ask(orgKey, 'POST', keys, { publicKey: 'pk-lf-alone' })).body).toEqual({
      message: 'Both publicKey and secretKey must be provided together when specifying predefined keys',
    });
    expect((await ask(orgKey, 'POST', keys, { publicKey: 'pk', secretKey: 'sk' })).body).toEqual({
      message: "publicKey must start with 'pk-lf-'",
    });
  });

  it('hides the keys of the agent inside the app, which open nothing here', async () => {
    await lab.sql(`UPDATE api_keys SET is_in_app_agent_key = true WHERE public_key = 'pk-lf-given'`);
    const { body } = await ask(orgKey, 'GET', '/api/public/projects/lab-project/apiKeys');
    expect((body['apiKeys'] as { publicKey: string }[]).map((key) => key.publicKey)).toEqual(['pk-lf-lab']);
    expect(await ask(basic('pk-lf-given', 'sk-lf-given'), 'GET', '/api/public/projects')).toEqual({
      status: 401,
      body: { message: 'Access denied - in-app agent keys are not allowed for this endpoint' },
    });
  });

  it('sets roles of members', async () => {
    const path = '/api/public/organizations/memberships';
    await lab.sql(`INSERT INTO users (id, name, email) VALUES ('u1', 'Ada', 'ada@example.com')`);
    const ada = { userId: 'u1', role: 'ADMIN', email: 'ada@example.com', name: 'Ada' };
    expect(await ask(orgKey, 'PUT', path, { userId: 'u1', role: 'ADMIN' })).toEqual({
      status: 200,
      body: ada,
    });
    expect((await ask(orgKey, 'GET', path)).body).toEqual({ memberships: [ada] });
    expect((await ask(orgKey, 'PUT', path, { userId: 'none', role: 'ADMIN' })).body).toEqual({
      error: 'User not found',
    });
    expect((await ask(orgKey, 'DELETE', path, { userId: 'u1' })).body).toEqual({
      message: 'Membership deleted successfully',
      userId: 'u1',
    });
  });
});

describe('keys of a whole project, with the admin key alone', () => {
  const path = '/api/admin/api-keys';

  it('are taken from the cache, with what is cached of keys that are not there', async () => {
    await ask(labKey, 'GET', '/api/public/projects', undefined, free);
    await ask(basic('pk-lf-nobody', 'sk-lf-nobody'), 'GET', '/api/public/projects', undefined, free);
    const projectIds = ['lab-project'];
    expect(await ask(admin, 'POST', path, { action: 'invalidate', projectIds }, free)).toEqual({
      status: 200,
      body: { message: 'API keys invalidated' },
    });
    expect(await lab.redis.exists(`lf:api-key:${fastHash('sk-lf-lab', 'labsalt')}`)).toBe(0);
    await ask(labKey, 'GET', '/api/public/projects');
    const all = await ask(admin, 'POST', path, { action: 'invalidate-all' }, free);
    expect(all.body).toEqual({ message: 'All cached API keys invalidated', invalidatedCount: 1 });
    expect(await lab.redis.keys('lf:api-key:*')).toEqual([]);
    // Another prefix is another instance's.
    expect(await lab.redis.keys('api-key:*')).not.toEqual([]);
  });

  it('are refused in zod’s words when the action is none', async () => {
    const { status, body } = await ask(admin, 'POST', path, { action: 'rotate' }, free);
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({
      name: 'ZodError',
      message: expect.stringContaining('invalid_union'),
    });
  });

  it('are deleted, and made again from the environment at the next start', async () => {
    const deletion = { action: 'delete', projectIds: ['lab-project'] };
    expect((await ask(admin, 'POST', path, deletion, free)).body).toEqual({ message: 'API keys deleted' });
    expect((await ask(labKey, 'GET', '/api/public/projects', undefined, free)).status).toBe(401);
    await lab.redis.flushall();
    const restarted = await ready({});
    expect((await ask(labKey, 'GET', '/api/public/projects', undefined, restarted)).status).toBe(200);
  });
});

describe('LANGFUSE_INIT_* at a later start', () => {
  const projectOf = async (from: LabProgram, key = labKey): Promise<unknown> => {
    const { body } = await ask(key, 'GET', '/api/public/projects', undefined, from);
    return (body['data'] as { id: string }[] | undefined)?.map(({ id }) => id);
  };

  it('does not take a new secret for a public key that is there, nor a new name', async () => {
    const changed = await ready({
      LANGFUSE_INIT_PROJECT_SECRET_KEY: 'sk-lf-changed',
      LANGFUSE_INIT_PROJECT_NAME: 'renamed',
      LANGFUSE_INIT_USER_EMAIL: 'half@example.com',
    });
    expect(await projectOf(changed)).toEqual(['lab-project']);
    expect(await projectOf(changed, basic('pk-lf-lab', 'sk-lf-changed'))).toBeUndefined();
    expect(await lab.sql(`SELECT name FROM projects WHERE id = 'lab-project'`)).toEqual([
      { name: 'production' },
    ]);
    expect(changed.log.join('\n')).toContain(
      '[Langfuse Init] Partial user configuration: LANGFUSE_INIT_USER_PASSWORD is not set. ' +
        'Both LANGFUSE_INIT_USER_EMAIL and LANGFUSE_INIT_USER_PASSWORD must be set to create a user.',
    );
  });

  it('moves the key to another project, of which the cache knows nothing', async () => {
    expect(await projectOf(licensed)).toEqual(['lab-project']);
    const [before] = await lab.sql(`SELECT id FROM api_keys WHERE public_key = 'pk-lf-lab'`);
    const moved = await ready({ LANGFUSE_INIT_PROJECT_ID: 'lab-second' });
    const [after] = await lab.sql(`SELECT id, project_id FROM api_keys WHERE public_key = 'pk-lf-lab'`);
    expect(after).toMatchObject({ project_id: 'lab-second' });
    expect(after?.['id']).not.toBe(before?.['id']);
    expect(await projectOf(moved)).toEqual(['lab-project']);
    await lab.redis.flushall();
    expect(await projectOf(moved)).toEqual(['lab-second']);
  });
});

describe('the deletion of a project', () => {
  const rowsOf = async (table: string): Promise<unknown[]> =>
    (await lab.clickhouse(`SELECT DISTINCT project_id AS id FROM ${table} ORDER BY id`)).map(({ id }) => id);

  /** A trace, its file and its log, a picture, and a raw OTLP file, which is in no log. */
  async function fill(projectId: string): Promise<void> {
    const file = `events/${projectId}/trace/t/e.json`;
    const picture = `media/${projectId}/m.png`;
    for (const path of [file, picture, `events/otel/${projectId}/2026/11/21/17/00/x.json`])
      await bucket(lab).putObject('langfuse', path, '[]');
    await lab.clickhouse(
      `INSERT INTO traces (id, project_id, timestamp) VALUES ('t', '${projectId}', now64())`,
    );
    await lab.clickhouse(
      `INSERT INTO blob_storage_file_log (id, project_id, entity_type, entity_id, event_id, bucket_name, bucket_path,
       created_at, event_ts) VALUES ('${projectId}', '${projectId}', 'trace', 't', 'e', 'langfuse', '${file}', now64(), now64())`,
    );
    await lab.sql(
      `INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
       VALUES ('m', $1, $2, $3, 'langfuse', 'image/png', 1)`,
      [projectId.padEnd(44, 'x'), projectId, picture],
    );
  }

  const objectsOf = async (projectId: string): Promise<string[]> =>
    (await storedObjects(lab, '')).map(({ key }) => key).filter((key) => key.includes(projectId));

  it('takes the keys and marks the row, and the worker does the rest, but for raw OTLP files', async () => {
    const made = await ask(orgKey, 'POST', '/api/public/projects', { name: 'doomed' });
    const id = String(made.body['id']);
    await fill(id);
    const key = pairOf(await ask(orgKey, 'POST', `/api/public/projects/${id}/apiKeys`, {}));
    expect((await ask(key, 'GET', '/api/public/projects')).status).toBe(200);
    expect(await ask(orgKey, 'DELETE', `/api/public/projects/${id}`)).toEqual({
      status: 202,
      body: {
        success: true,
        message: 'Project deletion has been initiated and is being processed asynchronously',
      },
    });
    expect((await ask(key, 'GET', '/api/public/projects')).status).toBe(401);
    expect(await lab.sql('SELECT id FROM api_keys WHERE project_id = $1', [id])).toEqual([]);
    const [job] = await withQueue(lab, 'project-delete', async (queue) => await queue.getJobs());
    expect(job).toMatchObject({
      name: 'project-delete',
      data: { name: 'project-delete', payload: { projectId: id, orgId: 'lab-org' } },
      opts: { attempts: 10, removeOnComplete: true, removeOnFail: 100_000 },
    });
    const [audit] = await lab.sql(`SELECT before, action FROM audit_logs WHERE resource_id = $1`, [id]);
    expect(JSON.parse(String(audit?.['before']))).toMatchObject({
      id,
      name: 'doomed',
      deletedAt: expect.any(String),
    });

    const worker = startWorker(lab, {});
    await eventually(
      async () => expect(await lab.sql('SELECT id FROM projects WHERE id = $1', [id])).toEqual([]),
      patienceMs,
    );
    await worker.stop();
    expect(await rowsOf('traces')).toEqual([]);
    expect(await rowsOf('blob_storage_file_log FINAL')).toEqual([]);
    expect(await lab.sql('SELECT id FROM media')).toEqual([]);
    expect(await objectsOf(id)).toEqual([`events/otel/${id}/2026/11/21/17/00/x.json`]);
  });

  it('whose job was lost is finished by the cleaner everywhere but in Postgres', async () => {
    await lab.sql(
      `INSERT INTO projects (id, name, org_id, deleted_at) VALUES ('lost', 'lost', 'lab-org', now())`,
    );
    await fill('lost');
    await fill('lab-project');
    const worker = startWorker(lab, { LANGFUSE_BATCH_PROJECT_CLEANER_ENABLED: 'true' });
    await eventually(async () =>
      expect(await rowsOf('blob_storage_file_log FINAL')).toEqual(['lab-project']),
    );
    expect(await rowsOf('traces')).toEqual(['lab-project']);
    await worker.stop();
    expect(worker.log.join('\n')).toContain('BatchProjectCleaner(traces): Batch deletion completed');
    expect(await objectsOf('lost')).toEqual(['events/otel/lost/2026/11/21/17/00/x.json']);
    expect(await objectsOf('lab-project')).toHaveLength(3);
    expect(await lab.sql(`SELECT name FROM projects WHERE id = 'lost'`)).toEqual([{ name: 'lost' }]);
  });
});
