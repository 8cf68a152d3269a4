import type { FreeFormObject, Service } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Route } from '../model.ts';
import type { Front } from './fronts.ts';
import type { Inventory } from './inventory.ts';

/** Ways from outside to these Services. */
export async function findRoutes(inventory: Inventory, fronts: readonly Front[]): Promise<Route[]> {
  const namespace = fronts[0]?.at.namespace;
  if (namespace === undefined) return [];
  const [ingresses, virtual, http] = await Promise.all([
    inventory.list<FreeFormObject>(resources.ingresses, namespace),
    inventory.list<FreeFormObject>(resources.virtualServices, namespace),
    inventory.list<FreeFormObject>(resources.httpRoutes, namespace),
  ]);
  const leads = (hosts: readonly string[]): boolean =>
    fronts.some(({ at }) => hosts.some((host) => isCalled(host, at)));
  return [
    ...ingresses.filter(({ spec }) => leads(backends(spec, 'service'))).map(ingressRoute),
    ...virtual
      .filter(({ spec }) => leads(valuesOf(spec, 'destination').map((one) => text(one, 'host'))))
      .map((object) => hostsRoute('VirtualService', object, 'hosts')),
    ...http
      .filter(({ spec }) => leads(backends(spec, 'backendRefs')))
      .map((object) => hostsRoute('HTTPRoute', object, 'hostnames')),
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

/** The names of Services that a spec hands requests to, with their namespaces where it gives them. */
function backends(spec: unknown, key: 'service' | 'backendRefs'): readonly string[] {
  return valuesOf(spec, key)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value) => ['', 'Service'].includes(text(value, 'kind')))
    .map((value) => [text(value, 'name'), text(value, 'namespace')].filter(Boolean).join('.'));
}

/** True for the short name, and for that with the namespace and any domain behind it. */
function isCalled(host: string, { namespace, name }: Front['at']): boolean {
  const [first, second, third] = host.split('.');
  const near = second === undefined || second === namespace;
  return first === name && near && (third === undefined || third === 'svc');
}

/** What stands under a key, however deep. */
function valuesOf(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : valuesOf(inner, key)));
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
