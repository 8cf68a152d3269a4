// Sends recorded requests, and those below, to a real API server and writes its answers down.
// Usage: node scripts/record-kube.mjs <URL> <earlier answers.json> <out folder>
// The server knows the tokens admin-token (system:masters) and viewer-token, has RBAC on, the ServiceAccount plugin off,
// no controllers, and a namespace `lf`. NODE_EXTRA_CA_CERTS or NODE_TLS_REJECT_UNAUTHORIZED=0 for its certificate.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [url, earlier, out] = process.argv.slice(2);
const tokens = { admin: 'admin-token', viewer: 'viewer-token', unknown: 'unknown' };
const pods = '/api/v1/namespaces/lf/pods';
const configMaps = '/api/v1/namespaces/lf/configmaps';
const deployments = '/apis/apps/v1/namespaces/lf/deployments';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const metadataOnly = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };

const get = (name, path, more = {}) => ({ name, method: 'GET', path, user: 'admin', ...more });
const post = (name, path, body, more = {}) => ({ name, method: 'POST', path, body, user: 'admin', ...more });
const configMap = (name) => ({ metadata: { name, labels: { page: 'yes' } }, data: { a: '1' } });

const leases = '/apis/coordination.k8s.io/v1/namespaces/lf/leases';
const put = (name, path, body, more = {}) => ({ name, method: 'PUT', path, body, user: 'admin', ...more });
const patch = (name, path, type, body, more = {}) => ({
  name,
  method: 'PATCH',
  path,
  type: `application/${type}-patch+json`,
  body,
  user: 'admin',
  ...more,
});
const remove = (name, path, body, more = {}) => ({
  name,
  method: 'DELETE',
  path,
  body,
  user: 'admin',
  ...more,
});
const lease = (name, spec = {}, metadata = {}) => ({ metadata: { name, ...metadata }, spec });
const held = { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: '2026-11-21T17:00:00.000000Z' };
const restarted = { 'kubectl.kubernetes.io/restartedAt': '2026-11-21T17:00:00Z' };

/** What a writer meets: names taken, versions passed, conditions on deletion, locks, rights. */
const writes = [
  post('write cm', configMaps, { metadata: { name: 'w1' }, data: { a: '1' } }),
  post('write cm again', configMaps, { metadata: { name: 'w1' }, data: { a: '1' } }),
  post('write cm with a version', configMaps, { metadata: { name: 'w2', resourceVersion: '5' }, data: {} }),
  put('put an old version', `${configMaps}/w1`, { metadata: { name: 'w1', resourceVersion: '1' }, data: {} }),
  put(
    'put another uid',
    `${configMaps}/w1`,
    { metadata: { name: 'w1', uid: 'other' }, data: {} },
    { compared: false },
  ),
  put('put unconditionally', `${configMaps}/w1`, { metadata: { name: 'w1' }, data: { a: '2' } }),
  put('put what is not there', `${configMaps}/none`, { metadata: { name: 'none' }, data: {} }),
  patch('merge an old version', `${configMaps}/w1`, 'merge', {
    metadata: { resourceVersion: '1' },
    data: { a: '3' },
  }),
  patch('merge', `${configMaps}/w1`, 'merge', { data: { a: null, b: '2' } }),
  patch('merge in a dry run', `${configMaps}/w1?dryRun=All`, 'merge', { data: { c: '3' } }),
  patch('json test and replace', `${configMaps}/w1`, 'json', [
    { op: 'test', path: '/data/b', value: '2' },
    { op: 'replace', path: '/data/b', value: '3' },
  ]),
  patch('json test of an old value', `${configMaps}/w1`, 'json', [
    { op: 'test', path: '/data/b', value: '2' },
    { op: 'replace', path: '/data/b', value: '4' },
  ]),
  patch('merge what is not there', `${configMaps}/none`, 'merge', { data: {} }),
  post('write secret', '/api/v1/namespaces/lf/secrets', { metadata: { name: 'w1' }, data: { a: 'YQ==' } }),
  patch('merge stringData', '/api/v1/namespaces/lf/secrets/w1', 'merge', { stringData: { b: 'b' } }),
  patch('strategic secret', '/api/v1/namespaces/lf/secrets/w1', 'strategic-merge', { data: { a: null } }),
  patch('restart', `${deployments}/web`, 'strategic-merge', {
    spec: { template: { metadata: { annotations: restarted } } },
  }),
  patch('restart in a dry run', `${deployments}/web?dryRun=All`, 'strategic-merge', {
    spec: { template: { metadata: { annotations: { restart: 'again' } } } },
  }),
  post('lease', leases, lease('lock', held)),
  post('lease again', leases, lease('lock', held)),
  put('lease without a version', `${leases}/lock`, lease('lock', held)),
  put('lease of an old version', `${leases}/lock`, lease('lock', held, { resourceVersion: '1' })),
  put('lease made by put', `${leases}/put`, lease('put', held)),
  patch('lease merge', `${leases}/lock`, 'merge', { spec: { holderIdentity: 'two' } }),
  patch(
    'lease milliseconds',
    `${leases}/lock`,
    'merge',
    { spec: { renewTime: '2026-11-21T17:00:00.123Z' } },
    { compared: false },
  ),
  patch(
    'lease no fraction',
    `${leases}/lock`,
    'merge',
    { spec: { renewTime: '2026-11-21T17:00:00Z' } },
    { compared: false },
  ),
  post('lease of no time', leases, lease('zero', { leaseDurationSeconds: 0, leaseTransitions: -1 })),
  remove(
    'delete an old version',
    `${configMaps}/w1`,
    { preconditions: { resourceVersion: '1' } },
    { compared: false },
  ),
  remove('delete in a dry run', `${configMaps}/w1?dryRun=All`),
  remove('delete', `${configMaps}/w1`),
  remove('delete again', `${configMaps}/w1`),
  remove('delete lease', `${leases}/lock`),
  ...[
    put('viewer put', `${configMaps}/p1`, { metadata: { name: 'p1' } }),
    patch('viewer patch', `${deployments}/web`, 'merge', {}),
    remove('viewer delete', '/api/v1/namespaces/lf/secrets/s'),
    post('viewer lease', leases, lease('mine', held)),
  ].map((one) => ({ ...one, user: 'viewer' })),
  ...['patch', 'update', 'create', 'delete'].map((verb) =>
    post(
      `viewer may ${verb}`,
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { spec: { resourceAttributes: { verb, group: 'apps', resource: 'deployments', namespace: 'lf' } } },
      { user: 'viewer' },
    ),
  ),
];

/** What lfctl and kubectl ask beyond the earlier recording: pages, tables, metadata alone, watches, dry runs, probes. */
const more = [
  ...['p1', 'p2', 'p3'].map((name) => post(`page ${name}`, configMaps, configMap(name))),
  get('page one', `${configMaps}?limit=2&labelSelector=page%3Dyes`),
  get('page bad limit', `${configMaps}?limit=x`),
  get('rv bad', `${configMaps}?resourceVersion=zz`),
  get('rv match alone', `${configMaps}?resourceVersionMatch=Exact`),
  get('rv of the future', `${configMaps}?resourceVersion=99999999&timeoutSeconds=1`),
  get('get rv of the future', `${configMaps}/p1?resourceVersion=99999999`),
  get('metadata alone', `${configMaps}?labelSelector=page%3Dyes`, { headers: metadataOnly }),
  ...['configmaps', 'secrets', 'services', 'persistentvolumeclaims'].map((kind) =>
    get(`table ${kind}`, `/api/v1/namespaces/lf/${kind}`, { headers: table }),
  ),
  get('table deployments', deployments, { headers: table }),
  get('table statefulsets', '/apis/apps/v1/namespaces/lf/statefulsets', { headers: table }),
  get('table jobs', '/apis/batch/v1/namespaces/lf/jobs', { headers: table }),
  get('table hpas', '/apis/autoscaling/v2/namespaces/lf/horizontalpodautoscalers', { headers: table }),
  get('table netpols', '/apis/networking.k8s.io/v1/namespaces/lf/networkpolicies', { headers: table }),
  get('not acceptable', configMaps, { headers: { accept: 'text/csv' } }),
  post('dry run', `${configMaps}?dryRun=All`, configMap('dry')),
  get('dry run left nothing', `${configMaps}/dry`),
  post('dry run bad', `${configMaps}?dryRun=some`, configMap('dry')),
  post('strict unknown field', `${configMaps}?fieldValidation=Strict`, { ...configMap('strict'), dota: {} }),
  post('strict bad', `${configMaps}?fieldValidation=Maybe`, configMap('strict')),
  post('generated name', configMaps, { metadata: { generateName: 'Bad_' } }),
  get('watch from the start', `${configMaps}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dp1`),
  get('watch bad rv', `${configMaps}?watch=1&resourceVersion=zz&timeoutSeconds=1`),
  post('pod again', pods, { metadata: { name: 'q' }, spec: { containers: [{ name: 'c', image: 'x:1' }] } }),
  get('log not scheduled', `${pods}/q/log`),
  get('exec no upgrade', `${pods}/q/exec?command=ls&stdout=1`),
  get('forward no upgrade', `${pods}/q/portforward`),
  post('evict', `${pods}/q/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'q' } }),
  post(
    'rules review',
    '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    { spec: { namespace: 'lf' } },
    { user: 'viewer' },
  ),
  post('token review', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { user: 'viewer' }),
  get('viewer secrets', '/api/v1/namespaces/lf/secrets', { user: 'viewer' }),
  get('viewer secret', '/api/v1/namespaces/lf/secrets/s', { user: 'viewer' }),
  post('viewer exec', `${pods}/q/exec?command=ls&stdout=1`, undefined, { user: 'viewer' }),
  ...['/livez', '/readyz', '/healthz', '/api', '/apis/apps/v9', '/api/v2'].map((path) =>
    get(`path ${path}`, path),
  ),
  ...writes,
];

/** Where the sandbox answers otherwise, and why that stays so. */
const differs = {
  'svc bad name': 'Service names may begin with a digit from 1.36 on; the sandbox is stricter, as 1.34 was',
  'viewer impersonate': 'impersonation is constrained from 1.36 on; the sandbox says it as 1.34 did',
  'strict unknown field': "the sandbox knows no kind's fields, so it finds none that are unknown",
  'generated name': 'the sandbox looks at the name that it made, and not at what it was made from',
  'table services': 'addresses come from a cluster',
  'table jobs': 'a selector comes from the controller of Jobs',
};

/** Leaves out what differs from run to run. */
function normal(value) {
  if (typeof value === 'string') return value.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID');
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const own = [
    'uid',
    'creationTimestamp',
    'resourceVersion',
    'managedFields',
    'time',
    'continue',
    'serverAddressByClientCIDRs',
  ];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !own.includes(key))
      .map(([key, each]) => [key, normal(each)]),
  );
}

async function ask({ method, path, body, type = 'application/json', headers = {}, user }) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[user]}`,
      'content-type': type,
      accept: 'application/json',
      ...headers,
    },
    body:
      body === undefined || method === 'GET'
        ? undefined
        : typeof body === 'string'
          ? body
          : JSON.stringify(body),
  });
  return { code: answer.status, text: await answer.text() };
}

function json(text) {
  try {
    return normal(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The parts of the answer that the earlier recording has too; all of them for a new request. */
function picked(text, before) {
  const whole = json(text) ?? { text };
  if (before === undefined) return whole;
  return Object.fromEntries(Object.keys(before).map((key) => [key, whole[key]]));
}

const known = JSON.parse(readFileSync(earlier, 'utf8')).requests.filter(
  ({ name }) => !more.some((one) => one.name === name),
);
const { gitVersion } = JSON.parse((await ask({ method: 'GET', path: '/version', user: 'admin' })).text);
const requests = [];
for (const { code: _code, answer, ...request } of [...known, ...more]) {
  const got = await ask(request);
  requests.push({
    ...request,
    ...(differs[request.name] === undefined ? {} : { differs: differs[request.name] }),
    code: got.code,
    answer: picked(got.text, known.some(({ name }) => name === request.name) ? (answer ?? {}) : undefined),
  });
}
const about = `Answers of a real kube-apiserver ${gitVersion} (no controllers, token file, RBAC), by scripts/record-kube.mjs. Requests are sent in this order; uids are UID; compared: false marks steps of which only the code is compared, differs those where the sandbox answers otherwise.`;
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'answers.json'), `${JSON.stringify({ about, requests }, null, 1)}\n`);
for (const path of [
  '/version',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/apps/v1',
  '/apis/batch/v1',
  '/apis/autoscaling/v2',
  '/apis/policy/v1',
  '/apis/networking.k8s.io/v1',
  '/apis/rbac.authorization.k8s.io/v1',
  '/apis/discovery.k8s.io/v1',
  '/apis/storage.k8s.io/v1',
]) {
  const { text } = await ask({ method: 'GET', path, user: 'admin' });
  writeFileSync(
    join(out, `${path.replaceAll('/', '_')}.json`),
    `${JSON.stringify(JSON.parse(text), null, 1)}\n`,
  );
}
