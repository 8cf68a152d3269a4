import type { Service } from '../../../../src/ports/kube-objects.ts';
import { service, workload } from '../../fake-kube.ts';
import { web } from '../../installations.ts';
import { object } from './_live.ts';
import type { ObjectSet, Objects, Plain } from './_set.ts';
import { add, changed, home, plain, set } from './_set.ts';

const named = {
  ports: [
    { name: 'http', containerPort: 3000 },
    { name: 'metrics', containerPort: 9464 },
  ],
};
const proxy = {
  name: 'oauth2-proxy',
  image: 'quay.io/oauth2-proxy/oauth2-proxy:v7.7',
  ports: [{ name: 'auth', containerPort: 4180 }],
};
const from = [{ secretRef: { name: 'env' } }];

const fronted = (
  services: readonly Service[],
  more: Plain = {},
  rest: (objects: Objects) => void = () => undefined,
): Objects =>
  changed(plain(more), (objects) => {
    objects['services'] = [
      ...services,
      ...(objects['services'] ?? []).filter((one) => one.metadata.name !== 'langfuse'),
    ];
    rest(objects);
  });

const front = (
  spec: Partial<Service['spec']>,
  status: Service['status'] = {},
  name = 'langfuse',
): Service => ({
  ...service(name, home, 80, {
    selector: { app: 'langfuse' },
    ports: [{ port: 80, targetPort: 'http' }],
    ...spec,
  }),
  status,
});

const ingress = (name: string, host: string, to: string): ReturnType<typeof object> =>
  object(name, home, {
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host, http: { paths: [{ backend: { service: { name: to, port: { name: 'http' } } } }] } }],
    },
  });

/** How web is reached, from inside and outside. */
export const routeSets: readonly ObjectSet[] = [
  set(
    'route-load-balancer',
    fronted(
      [
        front(
          { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' },
          { loadBalancer: { ingress: [{ hostname: 'a1.elb.eu-central-1.amazonaws.com' }] } },
        ),
      ],
      { web: named },
    ),
  ),
  set('route-load-balancer-pending', fronted([front({ type: 'LoadBalancer' })], { web: named })),
  set('route-node-port', fronted([front({ type: 'NodePort' })], { web: named })),
  set(
    'route-none-headless-beside',
    fronted([front({ clusterIP: 'None' }, {}, 'a-headless'), front({})], { web: named }),
  ),
  set('route-custom-port-by-variable', fronted([service('langfuse', home, 8080)], { own: { PORT: '8080' } })),
  set(
    'route-declared-port-ignored-by-the-image',
    fronted([service('langfuse', home, 80, { ports: [{ port: 80, targetPort: 3100 }] })], {
      web: { ports: [{ containerPort: 3100 }] },
    }),
  ),
  set(
    'route-declared-port-of-an-own-image',
    fronted([service('langfuse', home, 80, { ports: [{ port: 80, targetPort: 3100 }] })], {
      image: 'corp/llm-observability:1',
      web: { ports: [{ containerPort: 3100 }] },
    }),
  ),
  set(
    'route-proxy-in-front',
    fronted([front({ ports: [{ port: 80, targetPort: 'auth' }] })], {}, (objects) => {
      objects['deployments'] = [workload('langfuse', home, [proxy, { ...web('langfuse', from), ...named }])];
    }),
  ),
  set(
    'route-proxy-and-a-direct-service',
    fronted(
      [
        front({ ports: [{ port: 80, targetPort: 'auth' }] }, {}, 'auth'),
        service('traces', home, 3000, { selector: { app: 'langfuse' } }),
      ],
      {},
      (objects) => {
        objects['deployments'] = [
          workload('langfuse', home, [proxy, { ...web('langfuse', from), ...named }]),
        ];
      },
    ),
  ),
  set(
    'route-several-webs-and-services',
    fronted([service('langfuse', home, 3000), service('langfuse-ingest', home, 3000)], {}, (objects) => {
      add(objects, 'deployments', workload('langfuse-ingest', home, [web('langfuse', from)]));
      add(
        objects,
        'ingresses',
        ingress('ui', 'traces.example.test', 'langfuse'),
        ingress('sdk', 'ingest.example.test', 'langfuse-ingest'),
      );
    }),
  ),
  set('route-no-service', fronted([])),
  set(
    'route-gateway-and-mesh',
    fronted([service('langfuse', home, 3000)], {}, (objects) => {
      add(
        objects,
        'httproutes',
        object('traces', home, {
          spec: {
            hostnames: ['g.example.test'],
            rules: [{ backendRefs: [{ name: 'langfuse', port: 3000 }] }],
          },
        }),
      );
      add(
        objects,
        'virtualservices',
        object('traces', home, {
          spec: { hosts: ['m.example.test'], http: [{ route: [{ destination: { host: 'langfuse' } }] }] },
        }),
      );
    }),
  ),
  set(
    'route-of-others-that-share-a-name',
    fronted([service('langfuse', home, 3000)], {}, (objects) => {
      const gateway = { parentRefs: [{ name: 'langfuse' }], hostnames: ['other.example.test'] };
      const rules = [{ backendRefs: [{ name: 'other' }, { name: 'langfuse', namespace: 'elsewhere' }] }];
      add(objects, 'httproutes', object('a', home, { spec: { ...gateway, rules } }));
      const bucket = { kind: 'BucketClaim', name: 'langfuse' };
      add(
        objects,
        'httproutes',
        object('b', home, { spec: { hostnames: ['b.test'], rules: [{ backendRefs: [bucket] }] } }),
      );
      const to = { host: 'langfuse.elsewhere.svc.cluster.local' };
      const http = [{ route: [{ destination: to }] }];
      add(objects, 'virtualservices', object('c', home, { spec: { hosts: ['langfuse'], http } }));
      add(objects, 'ingresses', ingress('d', 'd.example.test', 'langfuse-docs'));
    }),
  ),
];
