import type { FreeFormObject, Service, ServicePort } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Deployment, Route } from '../model.ts';
import type { Found } from './components.ts';
import type { Inventory } from './inventory.ts';

type WebService = NonNullable<Deployment['webService']>;

/** A Service in front of web, and the port of it that leads there. */
export interface Front {
  readonly at: WebService;
  readonly service: Service;
  /** True when a port leads to web itself, and not to a proxy beside it. */
  readonly direct: boolean;
}

/** The Services whose selector matches web's pods, best first: one that leads to web's own port, then one with an address. */
export async function findFronts(inventory: Inventory, { component, workload }: Found): Promise<Front[]> {
  const { namespace } = component.workload;
  const { metadata, spec } = workload.spec.template;
  const labels = metadata?.labels ?? {};
  const services = await inventory.list<Service>(resources.services, namespace);
  const matching = services.filter((service) => {
    const selector = Object.entries(service.spec.selector ?? {});
    return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
  const named = spec.containers.flatMap((one) => one.ports ?? []);
  const leads = ({ port, targetPort = port }: ServicePort): boolean =>
    typeof targetPort === 'number'
      ? targetPort === component.port
      : named.some((one) => one.name === targetPort && one.containerPort === component.port);
  const rank = (front: Front): number => (front.direct ? 0 : 2) + (isHeadless(front.service) ? 1 : 0);
  return matching
    .map((service): Front => {
      const ports = service.spec.ports ?? [];
      const own = ports.find(leads);
      const port = (own ?? ports[0])?.port ?? component.port;
      return { at: { namespace, name: service.metadata.name, port }, service, direct: own !== undefined };
    })
    .toSorted((left, right) => rank(left) - rank(right));
}

const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None';

/** Ways from outside to these Services. */
export async function findRoutes(inventory: Inventory, fronts: readonly Front[]): Promise<Route[]> {
  const namespace = fronts[0]?.at.namespace;
  if (namespace === undefined) return [];
  const [ingresses, virtual, http] = await Promise.all([
    inventory.list<FreeFormObject>(resources.ingresses, namespace),
    inventory.list<FreeFormObject>(resources.virtualServices, namespace),
    inventory.list<FreeFormObject>(resources.httpRoutes, namespace),
  ]);
  const names = ({ spec }: FreeFormObject): boolean => fronts.some(({ at }) => mentions(spec, at.name));
  return [
    ...ingresses.filter(names).map(ingressRoute),
    ...virtual
      .filter(({ spec }) => fronts.some(({ at }) => mentionsHost(spec, at)))
      .map((object) => hostsRoute('VirtualService', object, 'hosts')),
    ...http.filter(names).map((object) => hostsRoute('HTTPRoute', object, 'hostnames')),
    ...fronts.flatMap(({ service }) => serviceRoute(service)),
  ];
}

/** A Service that is reached from outside by itself: https://kubernetes.io/docs/concepts/services-networking/service/ */
function serviceRoute({ metadata, spec, status }: Service): Route[] {
  const { type, loadBalancerClass } = spec;
  if (type !== 'LoadBalancer' && type !== 'NodePort') return [];
  const given = (status?.loadBalancer?.ingress ?? []).map(({ hostname, ip }) => hostname ?? ip ?? '');
  return [
    {
      kind: type,
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      hosts: given.filter((host) => host !== ''),
      className: loadBalancerClass ?? null,
      // Some clouds end TLS at it, by annotations of their own.
      tls: false,
    },
  ];
}

function mentions(spec: unknown, name: string): boolean {
  return JSON.stringify(spec ?? {}).includes(`"name":"${name}"`);
}

function mentionsHost(
  spec: unknown,
  service: { readonly namespace: string; readonly name: string },
): boolean {
  const text = JSON.stringify(spec ?? {});
  return [service.name, `${service.name}.${service.namespace}`].some(
    (host) =>
      text.includes(`"host":"${host}"`) ||
      text.includes(`"host":"${host}.svc`) ||
      text.includes(`"host":"${host}.${service.namespace}`),
  );
}

function ingressRoute(object: FreeFormObject): Route {
  const rules = list(object.spec?.['rules']);
  const className =
    object.spec?.['ingressClassName'] ?? object.metadata.annotations?.['kubernetes.io/ingress.class'];
  return {
    kind: 'Ingress',
    name: object.metadata.name,
    namespace: object.metadata.namespace ?? '',
    hosts: rules.map((rule) => text(rule, 'host')).filter((host) => host !== ''),
    className: typeof className === 'string' ? className : null,
    tls: list(object.spec?.['tls']).length > 0,
  };
}

function hostsRoute(kind: 'VirtualService' | 'HTTPRoute', object: FreeFormObject, field: string): Route {
  return {
    kind,
    name: object.metadata.name,
    namespace: object.metadata.namespace ?? '',
    hosts: list(object.spec?.[field]).filter((host): host is string => typeof host === 'string'),
    className: kind === 'VirtualService' ? 'istio' : null,
    // TLS is set on the gateway, which is another object, often in another namespace.
    tls: false,
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, key: string): string {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}
