import type { Service, ServicePort } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Deployment } from '../model.ts';
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
