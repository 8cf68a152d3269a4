import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { type Bed, busybox, create, isPodReady, logText, podNamed, until } from './bed.ts';
import { startBuiltBed } from './built-bed.ts';

let bed: Bed;

beforeAll(async () => {
  bed = await startBuiltBed('exec');
  const env = [{ name: 'COLOUR', value: 'green "apple"' }];
  const mount = { volumeMounts: [{ name: 'config', mountPath: '/etc/app' }] };
  const volumes = [{ name: 'config', configMap: { name: 'settings' } }];
  const map = { metadata: { name: 'settings', namespace: 'default' }, data: { 'a.txt': 'one\ntwo\n' } };
  bed.store.create(kinds.configMaps, map);
  const script = 'echo index > /index; httpd -f -p 8080 -h /';
  create(
    bed.store,
    busybox('box', script, { env, ...mount, readinessProbe: { tcpSocket: { port: 8080 } } }, { volumes }),
  );
  await until('the pod', () => isPodReady(bed.store, 'box'));
});

afterAll(() => bed.stop());

async function exec(
  command: readonly string[],
  stdin = '',
): Promise<{ code: number; out: string; err: string }> {
  const run = await bed.kubelet.exec('default', 'box', 'main', command, { stdin: true, tty: false });
  let out = '';
  let err = '';
  run.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  run.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
  run.stdin.end(stdin);
  return { code: await run.exitCode, out, err };
}

describe('exec', () => {
  it.each([
    [['true'], 0, ''],
    [['false'], 1, ''],
    [['printenv', 'COLOUR'], 0, 'green "apple"\n'],
    [['printenv', 'NOTHING'], 1, ''],
    [['/bin/cat', '/etc/app/a.txt'], 0, 'one\ntwo\n'],
    [['ls', '/etc/app'], 0, 'a.txt\n'],
    [['cat'], 0, 'from stdin\n'],
    [['sh', '-c', 'echo "$COLOUR" | grep -c apple; exit 5'], 5, '1\n'],
    [
      ['sh', '-c', 'for i in 1 2; do echo $i; done; if [ -f /nothing ]; then echo yes; else echo no; fi'],
      0,
      '1\n2\nno\n',
    ],
    [['sh', '-c', 'nothing-like-it 2>/dev/null || echo "code $?"'], 0, 'code 127\n'],
    [['sh', '-c', 'X=$(cat /etc/app/a.txt | head -1); echo "${X}-${Y:-none}"'], 0, 'one-none\n'],
    [['wget', '-qO-', 'http://localhost:8080/index'], 0, 'index\n'],
    [['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://127.0.0.1:8080/missing'], 0, '404'],
    [['curl', '-sf', 'http://localhost:8080/missing'], 22, ''],
    [['hostname'], 0, 'box\n'],
  ])('%j gives its exit code and output', async (command, code, out) => {
    expect(await exec(command, 'from stdin\n')).toMatchObject({ code, out });
  });

  it('runs the real Node with the names of the cluster', async () => {
    const service = {
      metadata: { name: 'box', namespace: 'default' },
      spec: {
        selector: { app: 'box' },
        ports: [
          { port: 80, targetPort: 8080 },
          { name: 'b', port: 8080 },
        ],
      },
    };
    bed.store.create(kinds.services, service);
    const ask = (url: string) =>
      exec([
        'node',
        '-e',
        `fetch(${JSON.stringify(url)}).then(r=>r.text()).then(t=>console.log(t.trim()),e=>console.log(e.cause.code))`,
      ]);
    expect(await ask('http://box.default.svc:8080/index')).toMatchObject({ code: 0, out: 'index\n' });
    expect(await ask('http://example.com/')).toMatchObject({ code: 0, out: 'ENOTFOUND\n' });
    expect(await exec(['node', '-e', 'process.exit(9)'])).toMatchObject({ code: 9 });
  });

  it('refuses what is not there', async () => {
    await expect(exec(['pg_restore'])).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('"pg_restore": executable file not found in $PATH'),
    });
    await expect(
      bed.kubelet.exec('default', 'nobody', 'main', ['true'], { stdin: false, tty: false }),
    ).rejects.toMatchObject({ status: 404 });
    expect(await exec(['psql', '-c', 'select 1'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Connection refused'),
    });
    expect(await exec(['redis-cli', 'ping'])).toMatchObject({
      code: 1,
      err: 'Could not connect to Redis at 127.0.0.1:6379: Connection refused\n',
    });
    expect(await exec(['clickhouse-client', '-q', 'select 1'])).toMatchObject({ code: 210 });
    expect(await exec(['pg_isready'])).toMatchObject({
      code: 2,
      out: '/var/run/postgresql:5432 - no response\n',
    });
  });

  it('talks to Redis', async () => {
    create(
      bed.store,
      busybox('cache', null, {
        image: 'valkey/valkey:8',
        args: ['valkey-server', '--requirepass', 'canary-pass'],
        readinessProbe: { tcpSocket: { port: 6379 } },
      }),
    );
    await until('the pod', () => isPodReady(bed.store, 'cache'));
    const host = podNamed(bed.store, 'cache')?.status?.podIP ?? '';
    expect(await exec(['redis-cli', '-h', host, '-a', 'canary-pass', 'set', 'a', '1'])).toMatchObject({
      code: 0,
      out: 'OK\n',
    });
    expect(await exec(['redis-cli', '-h', host, '-a', 'canary-pass', 'get', 'a'])).toMatchObject({
      out: '1\n',
    });
    expect((await exec(['redis-cli', '-h', host, 'get', 'a'])).out).toContain('NOAUTH');
  });
});

describe('port-forward', () => {
  it('connects to a port of the pod, and says when nothing listens', async () => {
    const stream = await bed.kubelet.forward('default', 'box', 8080);
    stream.write('GET /index HTTP/1.0\r\n\r\n');
    let text = '';
    for await (const part of stream) text += String(part);
    expect(text).toContain('200 OK');
    await expect(bed.kubelet.forward('default', 'box', 9)).rejects.toMatchObject({
      message: expect.stringContaining('connection refused'),
    });
  });
});

describe('logs', () => {
  it('follows until the container ends, with times, tail and limit', async () => {
    create(
      bed.store,
      busybox('talks', 'echo one; echo two; sleep 1; echo three; sleep 1', {}, { restartPolicy: 'Never' }),
    );
    await until('it runs', () => isPodReady(bed.store, 'talks'));
    expect(await logText(bed, 'talks', { follow: true })).toBe('one\ntwo\nthree\n');
    expect(await logText(bed, 'talks', { tailLines: 1 })).toBe('three\n');
    expect(await logText(bed, 'talks', { limitBytes: 5 })).toBe('one\nt');
    expect(await logText(bed, 'talks', { timestamps: true, tailLines: 1 })).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z three\n$/,
    );
    expect(await logText(bed, 'talks', { sinceTime: '2999-01-01T00:00:00Z' })).toBe('');
    await expect(logText(bed, 'talks', { container: 'nobody' })).rejects.toMatchObject({
      status: 400,
      message: 'container nobody is not valid for pod talks',
    });
    await expect(logText(bed, 'talks', { previous: true })).rejects.toThrow(
      'previous terminated container "main" in pod "talks" not found',
    );
    expect(podNamed(bed.store, 'talks')?.status?.phase).toBe('Succeeded');
  });

  it('ends following when the caller leaves', async () => {
    const leaving = new AbortController();
    create(bed.store, busybox('quiet', 'echo one; sleep 600'));
    await until('its log', async () => (await logText(bed, 'quiet').catch(() => '')) === 'one\n');
    const following = logText(bed, 'quiet', { follow: true, signal: leaving.signal });
    leaving.abort();
    expect(await following).toBe('one\n');
  });
});
