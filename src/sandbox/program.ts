/**
 * What a program of the sandbox (Postgres, web, worker …) gets from the emulated kubelet: exactly what a
 * container gets, and the few things that stand for the node.
 */
export interface ProgramHost {
  /** The container's env as Kubernetes would resolve it; nothing of lfctl's own is in it. */
  readonly env: Readonly<Record<string, string>>;
  /** `command` and `args` of the container, or of its image when it names none. */
  readonly args: readonly string[];
  /** Tag of the image, for example 3.199.0. */
  readonly imageTag: string;
  /** The pod's own address, 127.a.b.c; listen here on the real port. */
  readonly address: string;
  readonly pod: { readonly namespace: string; readonly name: string };
  /** Host folder of this container's root file system; lost when the pod is deleted. */
  readonly folder: string;
  /** Host path of a mounted volume by its mount path: ConfigMaps, Secrets, claims. */
  readonly mounts: Readonly<Record<string, string>>;
  /** How much faster graces, drains and back-offs run: 10 by default, 1 with --real-time. */
  readonly timeScale: number;
  /** The cluster's resolver: an address, or a rejection with code ENOTFOUND; a denied name gives a black hole. */
  readonly resolve: (hostname: string) => Promise<string>;
  /** One line of the container's log. */
  readonly print: (line: string) => void;
  /** SIGTERM came: drain and end. */
  readonly stopping: AbortSignal;
}

/** Runs until it is done or told to stop; resolves with the exit code. A rejection is exit code 1. */
export type Program = (host: ProgramHost) => Promise<number>;

/** Names of the programs an image can stand for. */
export type ProgramName =
  | 'langfuse-web'
  | 'langfuse-worker'
  | 'postgres'
  | 'clickhouse'
  | 'redis'
  | 'objects'
  | 'litellm'
  | 'sidecar';
