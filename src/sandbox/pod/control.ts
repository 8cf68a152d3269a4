import type { ProgramName } from '../program.ts';

/** What the kubelet tells a pod's process besides the container's env: a JSON file next to the container. */
export interface PodControl {
  readonly program: ProgramName;
  readonly imageTag: string;
  readonly args: readonly string[];
  readonly address: string;
  readonly resolverSocket: string;
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly folder: string;
  readonly mounts: Readonly<Record<string, string>>;
  /** PATH of the machine that the sandbox runs on, to look for real servers. */
  readonly machinePath: string;
  readonly timeScale: number;
  readonly partFolders: readonly string[];
  /** Where the exit code goes, for a kubelet that is not the parent. */
  readonly exitFile: string;
}
