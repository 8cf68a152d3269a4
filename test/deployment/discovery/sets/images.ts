import type { ObjectSet } from './_set.ts';
import { add, changed, home, plain, set } from './_set.ts';
import { workload } from '../../fake-kube.ts';
import { web, worker } from '../../installations.ts';

const digest = `sha256:${'a1b2'.repeat(16)}`;
const env = [{ secretRef: { name: 'env' } }];
const images = (image: string, workerImage: string): ReturnType<typeof plain> =>
  plain({ image, workerImage });
const sidecar = {
  name: 'istio-proxy',
  image: 'docker.io/istio/proxyv2:1.24.1',
  ports: [{ containerPort: 15_090 }],
};

/** What images and commands tell of web, worker and version. */
export const imageSets: readonly ObjectSet[] = [
  set('image-digest-only', images(`langfuse/langfuse@${digest}`, `langfuse/langfuse-worker@${digest}`)),
  set(
    'image-tag-and-digest',
    images(`langfuse/langfuse:3.199.0@${digest}`, `langfuse/langfuse-worker:3.199.0@${digest}`),
  ),
  set(
    'image-official-registry',
    images(
      'docker.langfuse.com/langfuse/langfuse:4.16.0',
      'docker.langfuse.com/langfuse/langfuse-worker:4.16.0',
    ),
  ),
  set(
    'image-mirror-flattened',
    images(
      'mirror.corp:5000/hub/docker.io_langfuse_langfuse:3.225.4',
      'mirror.corp:5000/hub/langfuse-langfuse-worker:3.225.4',
    ),
  ),
  set(
    'image-mirror-short',
    images('mirror.corp/langfuse-web:3.199.0', 'mirror.corp/langfuse/worker:3.199.0'),
  ),
  set('image-latest', images('langfuse/langfuse:latest', 'langfuse/langfuse-worker:latest')),
  set('image-no-tag', images('langfuse/langfuse', 'langfuse/langfuse-worker')),
  set('image-floating-3', images('langfuse/langfuse:3', 'langfuse/langfuse-worker:3')),
  set('image-date-tag', images('corp/langfuse:2024-11-12', 'corp/langfuse-worker:20241112')),
  set('image-commit-tag', images('langfuse/langfuse:sha-3f9c2e1', 'langfuse/langfuse-worker:sha-3f9c2e1')),
  set('image-house-tag', images('corp/langfuse:prod-3.199.0-r4', 'corp/langfuse-worker:prod-v3.199.0')),
  set(
    'image-web-digest-worker-tag',
    images(`langfuse/langfuse@${digest}`, 'langfuse/langfuse-worker:3.199.0'),
  ),
  set('image-version-skew', images('langfuse/langfuse:3.199.0', 'langfuse/langfuse-worker:3.150.0')),
  set('image-newer-than-known', images('langfuse/langfuse:5.0.0', 'langfuse/langfuse-worker:5.0.0')),
  set(
    'image-hardened-variant',
    images('cgr.dev/corp/langfuse-fips:3.199.0', 'cgr.dev/corp/langfuse-worker-fips:3.199.0'),
  ),
  set(
    'image-own-with-command',
    plain({
      image: 'corp/llm-observability:7.2',
      workerImage: 'corp/llm-observability:7.2',
      web: { command: ['node', './web/server.js', '--keepAliveTimeout', '110000'] },
      worker: { command: ['node', 'worker/dist/index.js'] },
    }),
  ),
  set('image-own-with-probes', images('corp/llm-observability:prod', 'corp/llm-observability:prod')),
  set(
    'image-worker-runs-web-by-command',
    plain({
      image: 'langfuse/langfuse-worker:3.199.0',
      web: { command: ['dumb-init', '--', './web/entrypoint.sh', 'node', './web/server.js'] },
    }),
  ),
  set(
    'image-worker-used-as-web',
    changed(plain({ workerImage: 'langfuse/langfuse-worker:3.199.0' }), (objects) => {
      const image = 'langfuse/langfuse-worker:3.199.0';
      objects['deployments'] = [workload('langfuse', home, [web('langfuse', env, image)])];
    }),
  ),
  set(
    'image-sidecar-first-and-init-container',
    changed(plain(), (objects) => {
      const init = { ...web('migrate', env, 'langfuse/langfuse:2.95.12'), command: ['./web/entrypoint.sh'] };
      const deploy = (name: string, container: ReturnType<typeof web>) => {
        const made = workload(name, home, [sidecar, container]);
        const { template } = made.spec;
        const spec = { ...template.spec, initContainers: [init] };
        return { ...made, spec: { ...made.spec, template: { ...template, spec } } };
      };
      objects['deployments'] = [
        deploy('langfuse', web('app', env)),
        deploy('langfuse-worker', worker('background', env)),
      ];
    }),
  ),
  set(
    'image-other-tools-share-label-and-secret',
    changed(plain(), (objects) => {
      const labels = { 'app.kubernetes.io/name': 'langfuse' };
      const tool = (name: string, image: string) =>
        workload(name, home, [{ name, image, envFrom: env }], { labels });
      add(
        objects,
        'deployments',
        tool('langfuse-backup', 'corp/langfuse-backup:1.4'),
        tool('pgweb', 'sosedoff/pgweb:0.16'),
        tool('langfuse-exporter', 'corp/langfuse-exporter:2'),
      );
    }),
  ),
  set(
    'image-alone',
    changed(plain(), (objects) => {
      const bare = (name: string, image: string) => workload(name, home, [{ name: 'app', image }]);
      objects['deployments'] = [
        bare('ui', 'langfuse/langfuse:3.199.0'),
        bare('background', 'mirror.corp/langfuse-worker:3.199.0'),
        bare('other', 'corp/langfuse-fips:3.199.0'),
      ];
    }),
  ),
];
