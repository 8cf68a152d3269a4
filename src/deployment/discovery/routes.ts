import type { FreeFormObject, Service } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Component, Deployment, Route } from '../model.ts';
import type { Inventory } from './inventory.ts';

/** The Service whose selector matches web's pods; the one on web's port first. */
export async function findWebService(
  inventory: Inventory,
  web: Component,
  labels: Readonly<Record<string, string>>,
): Promise<Deployment['webService']> {
  const services = await inventory.list<Service>(resources.services, web.workload.namespace);
  const matching = services.filter((service) => {
    const selector = Object.entries(service.spec.selector ?? {});
    return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
  const target = (service: Service): number | undefined => {
    const ports = service.spec.ports ?? [];
    return (ports.find((port) => port.targetPort === web.port || port.port === web.port) ?? ports[0])?.port;
  };
  const best = matching.find((service) => target(service) === web.port) ?? matching[0];
  if (best === undefined) return null;
  return { namespace: web.workload.namespace, name: best.metadata.name, port: target(best) ?? web.port };
}

/** Ways from outside to that Service. */
export async function findRoutes(inventory: Inventory, service: Deployment['webService']): Promise<Route[]> {
  if (service === null) return [];
  const [ingresses, virtual, http] = await Promise.all([
    inventory.list<FreeFormObject>(resources.ingresses, service.namespace),
    inventory.list<FreeFormObject>(resources.virtualServices, service.namespace),
    inventory.list<FreeFormObject>(resources.httpRoutes, service.namespace),
  ]);
  return [
    ...ingresses.filter((object) => mentions(object.spec, service.name)).map(ingressRoute),
    ...virtual
      .filter((object) => mentionsHost(object.spec, service))
      .map((object) => hostsRoute('VirtualService', object, 'hosts')),
    ...http
      .filter((object) => mentions(object.spec, service.name))
      .map((object) => hostsRoute('HTTPRoute', object, 'hostnames')),
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
