/** Shapes of facts that several checks share. Plain JSON. */
import type { ContainerState } from '../ports/kube-objects.ts';

/** Which part of the deployment a pod belongs to. */
export type PodPart = 'web' | 'worker' | 'postgres' | 'clickhouse' | 'redis' | 'objects' | 'litellm';

export interface ContainerView {
  readonly name: string;
  readonly image: string;
  /** True for the Langfuse (or store) container, false for sidecars. */
  readonly main: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

export interface PodView {
  readonly part: PodPart;
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** Since when all its containers are ready, RFC 3339; null while they are not. */
  readonly readySince: string | null;
  /** RFC 3339; null before it is scheduled. */
  readonly startedAt: string | null;
  readonly ip: string | null;
  readonly node: string | null;
  readonly containers: readonly ContainerView[];
  /** Workload that made it, for example `deployment/langfuse`. */
  readonly workload: string;
  /** Message of the condition PodScheduled=False. */
  readonly unschedulable: string | null;
}

/** A Service that a store address or web stands behind. */
export interface EndpointView {
  readonly part: PodPart;
  readonly namespace: string;
  readonly service: string;
  readonly exists: boolean;
  /** ExternalName or no selector: its pods are not in this cluster. */
  readonly external: boolean;
  readonly readyPods: readonly string[];
  readonly notReadyPods: readonly string[];
  /** Workload that makes the pods, with the number it is asked for; null when none is found. */
  readonly workload: {
    readonly kind: 'Deployment' | 'StatefulSet';
    readonly name: string;
    readonly replicas: number;
  } | null;
}

/** A known kind of log line, see src/doctor/log-patterns.ts. */
export interface LogFinding {
  readonly pattern: string;
  /** Which store or part the line speaks of, where it does. */
  readonly about: PodPart | null;
  /** The newest such line, with secrets cut out, at most 500 characters. */
  readonly line: string;
  /** RFC 3339 of that line where it has a time. */
  readonly at: string | null;
  readonly count: number;
  /** Host and port, variable, migration … that the line names. */
  readonly subject: string | null;
}

/** Classified log of one container run. */
export interface LogView {
  readonly part: PodPart;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the last restart. */
  readonly previous: boolean;
  readonly lines: number;
  readonly findings: readonly LogFinding[];
  /** When LiteLLM last answered a call well, RFC 3339: its callbacks tell errors alone. */
  readonly lastCallAt?: string | null;
  /** Last line of all, redacted: a first hint for what no pattern knows. */
  readonly lastLine: string | null;
  /** Why there is no log: forbidden, timeout. */
  readonly unreadable: string | null;
}

/** What one pod's HTTP endpoints answered. */
export interface HttpView {
  readonly namespace: string;
  readonly pod: string;
  /** The pod ended while it was asked: a rolling update or a scale-down, no trouble. */
  readonly gone?: true;
  /** Answers of the paths that were asked, by path; null where there was no HTTP answer. */
  readonly answers: Readonly<Record<string, HttpAnswerView | null>>;
  /** Why a path got no answer, by path. */
  readonly errors: Readonly<Record<string, string>>;
  /** `version` of the health body. */
  readonly version: string | null;
  /** Seconds of the Keep-Alive header, measured on the pod itself. */
  readonly keepAliveSeconds: number | null;
}

export interface HttpAnswerView {
  readonly status: number;
  readonly ms: number;
  /** At most 200 characters, redacted. */
  readonly body: string;
}

/** How a login with the deployment's own credentials went. */
export type LoginView =
  | {
      readonly ok: true;
      readonly route: 'direct' | 'port-forward';
      readonly ms: number;
      readonly server: string | null;
    }
  | {
      readonly ok: false;
      readonly route: 'direct' | 'port-forward';
      readonly code: string;
      readonly message: string;
    };
