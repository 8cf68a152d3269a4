import type { Generation } from '../../deployment/model.ts';
import type { KubeObject } from '../../ports/kube-objects.ts';
import type { KubeResource } from '../../ports/kube.ts';
import type { LayoutOwner, SandboxNames, StoreNames, WriteMode } from '../fault.ts';
import type { LoadBalancerStyle } from '../programs/load-balancer/pages.ts';
import type { SandboxSecrets } from './secrets.ts';

/** One object of a layout, and its kind. */
export interface LayoutObject {
  readonly resource: KubeResource;
  readonly object: KubeObject;
}

/** Objects that are applied together, as soon as what they need is there. */
export interface LayoutStage {
  readonly name: string;
  /** `seeded`: organisation, project and API key are in the database. */
  readonly after: 'nothing' | 'stores-ready' | 'migrated' | 'seeded';
  readonly objects: readonly LayoutObject[];
}

/** A whole deployment as manifests, with the names that faults go by. */
export interface Layout {
  readonly names: SandboxNames;
  /** Host name users call it by. */
  readonly publicHost: string;
  /** What users meet first: whose idle time and error pages. */
  readonly front: LoadBalancerStyle;
  readonly stages: readonly LayoutStage[];
}

/** What a layout is filled in with. */
export interface LayoutInput {
  readonly generation: Generation;
  /** Image tag, for example 3.199.0. */
  readonly version: string;
  /** Write mode of Langfuse 4; null leaves it at its default (events_only) and is all that 2 and 3 know. */
  readonly writeMode: WriteMode | null;
  readonly owner: LayoutOwner | null;
  readonly secrets: SandboxSecrets;
  readonly templatesFolder: string;
  readonly now: Date;
}

/** A store whose Service has its workload's name, unless it is given. */
export function store(
  namespace: string,
  workload: string,
  kind: StoreNames['kind'],
  service = workload,
): StoreNames {
  return { namespace, workload, kind, service };
}

/**
 * The switches of Langfuse 4 for a write mode: legacy alone would be refused by the worker, whose OTel behaviour is
 * direct by default (worker/src/env.ts of Langfuse). Null leaves a variable out.
 */
export function writeModeValues(writeMode: WriteMode | null): {
  readonly WRITE_MODE: WriteMode | null;
  readonly OTEL_BEHAVIOUR: string | null;
} {
  return { WRITE_MODE: writeMode, OTEL_BEHAVIOUR: writeMode === 'legacy' ? 'dual_write' : null };
}
