import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import { envReport } from '../../../src/deployment/env-report.ts';
import { envView } from '../../../src/deployment/env-view.ts';
import type { Deployment } from '../../../src/deployment/model.ts';
import { toView } from '../../../src/deployment/to-view.ts';
import type { FakeCluster } from '../fake-kube.ts';
import { envOf, fakeKube, secret, service, workload } from '../fake-kube.ts';
import { canary, official, runbook, runbookSecret, settings, together, web } from '../installations.ts';

const find = async (cluster: FakeCluster, given: Parameters<typeof settings>[0] = {}): Promise<Deployment> =>
  await discover(fakeKube(cluster), settings(given));

describe('where addresses lead', () => {
  const place = async (
    host: string,
    more: FakeCluster['objects'] = {},
    forbidden: string[] = [],
  ): Promise<unknown> => {
    const env = envOf({ ...runbookSecret, DATABASE_URL: `postgresql://l:p@${host}:5432/l` });
    const objects = together(
      { deployments: [workload('langfuse', 'lf', [{ ...web('w'), env }])] },
      more as never,
    );
    return (await find({ objects, forbidden })).stores.postgres.placement;
  };
  const namespaces = [{ metadata: { name: 'data' } }];
  const db = service('db', 'data', 5432);
  const here = service('db', 'lf', 5432);

  it.each([
    ['db', { services: [here] }, { kind: 'service', namespace: 'lf', service: 'db' }],
    ['db.data', { services: [db] }, { kind: 'service', namespace: 'data', service: 'db' }],
    ['db.data.svc.cluster.local', { services: [db] }, { kind: 'service', namespace: 'data', service: 'db' }],
    ['db.data.svc.cluster.local.', { services: [db] }, { kind: 'service', namespace: 'data', service: 'db' }],
    ['db-0.db.data.svc', { services: [db] }, { kind: 'service', namespace: 'data', service: 'db' }],
    ['gone', {}, { kind: 'no-service', namespace: 'lf', service: 'gone' }],
    ['gone.data', { namespaces }, { kind: 'no-service', namespace: 'data', service: 'gone' }],
    ['gone.data.svc', {}, { kind: 'no-service', namespace: 'data', service: 'gone' }],
    ['db.example', {}, { kind: 'external' }],
    ['a.b.svc.example.com', {}, { kind: 'external' }],
    ['prod.cluster-abc.eu-central-1.rds.amazonaws.com', {}, { kind: 'external' }],
    ['10.96.0.1', { services: [here] }, { kind: 'service', namespace: 'lf', service: 'db' }],
    ['10.1.2.3', { services: [here] }, { kind: 'external' }],
    ['localhost', {}, { kind: 'unknown', why: expect.stringContaining('proxy') as string }],
    ['[fd00::1]', {}, { kind: 'external' }],
  ])('%s', async (host, objects, placement) => {
    expect(await place(host, objects)).toEqual(placement);
  });

  it('an ExternalName hands on to another host', async () => {
    const external = service('db', 'lf', 5432, { type: 'ExternalName', externalName: 'rds.example.com' });
    expect(await place('db', { services: [external] })).toEqual({
      kind: 'external',
      through: 'Service lf/db (ExternalName rds.example.com)',
    });
  });

  it.each(['db', '10.96.0.9'])('%s without the right to look is unknown, not external', async (host) => {
    expect(await place(host, {}, ['get services', 'list services'])).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/forbidden: (get|list) services in lf/) as string,
    });
  });
});

describe('no secret value', () => {
  const shapes = [
    ['runbook', runbook()],
    ['official', { objects: official() }],
    [
      'a password with @ and /',
      runbook((objects) => {
        const url = `postgresql://l:12@34/5${canary}@langfuse-postgresql:5432/langfuse`;
        objects['secrets'] = [
          secret('langfuse-env', 'hyperplane-langfuse', {
            ...runbookSecret,
            DATABASE_URL: url,
            DIRECT_URL: `postgresql://l:12/${canary}@h/d`,
          }),
        ];
      }),
    ],
  ] as const;
  it.each(shapes)('in view, facts, report: %s', async (_name, cluster) => {
    const deployment = await find(cluster);
    const fingerprint = (): string => 'f00dfeed';
    const shown = [
      toView(deployment, 'ctx'),
      deployment.components.map((one) => envView(one, fingerprint)),
      deployment.liteLlm.map((one) => envView({ ...one, role: undefined }, fingerprint)),
      envReport(deployment, null, fingerprint),
    ];
    expect(JSON.stringify(shown)).not.toContain(canary);
    expect(inspect(deployment.stores, { depth: 9 })).not.toContain(canary);
    expect(inspect(deployment.components, { depth: 9 })).not.toContain(canary);
  });
});
