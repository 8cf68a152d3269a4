/** Canaries through a whole deployment: each generation healthy. Where each fault loses them is drilled (test/drills). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../src/deployment/model.ts';
import { seededSecrets } from '../../src/sandbox/layouts/secrets.ts';
import type { CleanReport, ValidateReport } from '../../src/validate/report.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';

const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');

async function dataOf<Data>(
  practice: Practice,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; data: Data; stderr: string }> {
  const { code, stdout, stderr } = await practice.lfctl([...line.split(' '), '-o', 'json'], env);
  expect(stdout, stderr).not.toBe('');
  const document: unknown = JSON.parse(stdout);
  expect(await problemsOf(document), line).toBeNull();
  return { code, data: (document as { data: Data }).data, stderr };
}

const validate = async (practice: Practice, env: Readonly<Record<string, string>> = {}, flags = '') =>
  await dataOf<ValidateReport>(practice, `validate${flags}`, env);

/** What probes said, and whose failure counts. */
const probesOf = ({ probes }: ValidateReport): Record<string, string> =>
  Object.fromEntries(probes.map(({ id, status, decides }) => [id, decides ? `${status}!` : status]));

/** Uploads get there inside of the cluster alone, which nobody minds yet; its public name is not known here. */
const healthyProbes = {
  'public-url': 'unknown',
  certificate: 'unknown',
  media: 'fail',
  prompt: 'ok',
  score: 'ok',
};

/** What must be refused, tried on a deployment with one project. */
const refusals = {
  'wrong secret key': 'ok',
  'unknown key pair': 'ok',
  'keys swapped': 'ok',
  'no authorization header': 'ok',
  'unknown public key, right secret key': 'ok',
  "public key of another project, this project's secret key": 'skipped',
  'revoked key': 'ok',
  'malformed event beside a valid one': 'ok',
  'body of more than 4.5 MB': 'ok',
};

const refusalsOf = ({ negative }: ValidateReport): Record<string, string> =>
  Object.fromEntries(negative.map((one) => [one.case, one.status]));

const left = async (practice: Practice): Promise<CleanReport> =>
  (await dataOf<CleanReport>(practice, 'validate --clean')).data;

const states = ({ hops }: ValidateReport): string[] => hops.map(({ hop, status }) => `${hop} ${status}`);

const generations: readonly (readonly [Generation, readonly string[], readonly string[]])[] = [
  [2, ['json'], ['http ok', 'object skipped', 'queue skipped', 'store ok', 'read ok']],
  [4, ['otlp-json', 'otlp-protobuf'], ['http ok', 'object ok', 'queue ok', 'store ok', 'read ok']],
];

describe.each(generations)('on Langfuse %i', (generation, ways, hops) => {
  it('a canary of each way arrives, and nothing of it is left', async () => {
    const practice = await startPractice(`validate-${generation}`, { generation });
    try {
      const { code, data, stderr } = await validate(practice, {}, ' --litellm --require queue');
      expect(states(data), stderr).toEqual(hops);
      expect(code).toBe(0);
      expect(probesOf(data), stderr).toMatchObject({ ...healthyProbes, idle: 'skipped', litellm: 'ok' });
      expect(data.ways.map(({ way }) => way)).toEqual(ways);
      expect(refusalsOf(data), stderr).toEqual(refusals);
      expect(data.residue).toMatchObject({ total: 0, unknown: {} });
      const many = await dataOf<ValidateReport>(practice, 'validate --for 2s --rate 20/s');
      expect(many.data, many.stderr).toMatchObject({
        verdict: 'ok',
        during: { lost: 0, unknown: 0, notAccepted: 0, command: null },
        residue: { total: 0, unknown: {} },
      });
      expect(many.data.during?.arrived).toBeGreaterThan(30);
      expect(await left(practice)).toMatchObject({ found: 0, residue: { total: 0 } });
      if (generation === 2) await failsForMediaInUse(practice);
    } finally {
      await practice.stop();
    }
  });
});

/** The same endpoint is a finding as soon as somebody uploads. */
async function failsForMediaInUse(practice: Practice): Promise<void> {
  await change(practice, 'break', 'media-endpoint-internal');
  const { code, data, stderr } = await validate(practice, {}, ' --skip public-url,certificate');
  await change(practice, 'mend', 'media-endpoint-internal');
  expect(probesOf(data), stderr).toMatchObject({ media: 'fail!', prompt: 'ok' });
  expect(data.firstFailure).toBeNull();
  expect(code).toBe(1);
  expect(data.residue).toMatchObject({ total: 0, unknown: {} });
}

describe('on Langfuse 3', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice('validate-3');
  });
  afterAll(async () => {
    await practice.stop();
  });

  it('a canary of each way arrives, and nothing of it is left', async () => {
    const { url } = await door(practice);
    const { code, data, stderr } = await validate(practice, {}, ` --public-url ${url} --idle 1s --litellm`);
    expect(states(data), stderr).toEqual(['http ok', 'object ok', 'queue ok', 'store ok', 'read ok']);
    expect(code).toBe(0);
    const probes = {
      ...healthyProbes,
      'public-url': 'ok',
      certificate: 'skipped',
      idle: 'ok',
      litellm: 'ok',
    };
    expect(probesOf(data), stderr).toMatchObject(probes);
    expect(data.probes.find(({ id }) => id === 'public-url')?.detail).toContain('the canary is read there');
    expect(data.ways.map(({ way }) => way)).toEqual(['json', 'otlp-json']);
    expect(data.residue).toMatchObject({ total: 0, unknown: {} });
    expect(await left(practice)).toMatchObject({ found: 0, residue: { total: 0 } });
  });

  it('works with a URL and a pair alone, and says what it could not look at', async () => {
    const { url, publicKey, secretKey } = await door(practice);
    const { code, data } = await validate(practice, {
      KUBECONFIG: '',
      LFCTL_URL: url,
      LANGFUSE_PUBLIC_KEY: publicKey,
      LANGFUSE_SECRET_KEY: secretKey,
    });
    expect(states(data)).toEqual(['http ok', 'object skipped', 'queue skipped', 'store skipped', 'read ok']);
    expect(code).toBe(0);
    // Langfuse was asked to delete, and does it later: what is left is not known here, and said so.
    expect(Object.keys(data.residue?.unknown ?? {})).toEqual(['queue', 'objects', 'clickhouse', 'postgres']);
    expect((await left(practice)).residue).toMatchObject({ total: 0, unknown: {} });
  });

  it('runs at the same moment keep apart, and are left alone by --clean', async () => {
    const runs = Promise.all([validate(practice), validate(practice)]);
    const cleaned = cleanUntil(practice, runs);
    const reports = (await runs).map(({ data }) => data);
    expect(await cleaned).toBeGreaterThan(0);
    for (const report of reports) expect(report).toMatchObject({ verdict: 'ok', residue: { total: 0 } });
    expect(new Set(reports.flatMap(({ ways }) => ways.map(({ traceId }) => traceId))).size).toBe(4);
  });

  it('removes its canaries when it is interrupted', async () => {
    const child = spawn(process.execPath, [program, 'validate', '--debug'], {
      env: { ...practice.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const sent = new Promise<void>((done) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        // The object store is asked for the first time once the canary is accepted.
        if (/connect \S+:9000 .* ok/.test(said)) done();
      });
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    await Promise.race([sent, ended]);
    child.kill('SIGINT');
    const [code] = await ended;
    expect(code, said).toBe(130);
    expect(await left(practice)).toMatchObject({ found: 0, residue: { total: 0 } });
  });
});

/** Cleans again and again until it meets a run under way, or there is none any more; gives what it left alone. */
async function cleanUntil(practice: Practice, runs: Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  const end = (): void => void (state.isOver = true);
  void runs.then(end, end);
  for (;;) {
    const { underWay } = await left(practice);
    if (underWay > 0 || state.isOver) return underWay;
  }
}

/** Where users come in, and the pair that LiteLLM holds. */
async function door(practice: Practice): Promise<{ url: string; publicKey: string; secretKey: string }> {
  const status = await practice.lfctl(['sandbox', 'status', '--name', practice.name, '-o', 'json']);
  const { loadBalancerUrl } = (JSON.parse(status.stdout) as { data: { loadBalancerUrl: string } }).data;
  const record = join(practice.folder, 'lfctl', 'sandbox', practice.name, 'sandbox.json');
  const { seed } = JSON.parse(await readFile(record, 'utf8')) as { seed: string };
  const { PUBLIC_KEY, SECRET_KEY } = seededSecrets(seed);
  return { url: loadBalancerUrl, publicKey: PUBLIC_KEY, secretKey: SECRET_KEY };
}

async function change(practice: Practice, verb: 'break' | 'mend', fault: string): Promise<void> {
  const { code, stderr } = await practice.lfctl(['sandbox', verb, fault, '--name', practice.name]);
  expect(code, stderr).toBe(0);
}
