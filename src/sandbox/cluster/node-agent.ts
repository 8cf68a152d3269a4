import type { Duplex, Readable, Writable } from 'node:stream';

/** What `kubectl logs` asks for. */
export interface AgentLogOptions {
  readonly container: string;
  readonly previous: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly timestamps: boolean;
  readonly follow: boolean;
  readonly limitBytes?: number;
  readonly signal: AbortSignal;
}

/** A program that runs in a container. */
export interface AgentExec {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exitCode: Promise<number>;
  readonly kill: () => void;
}

/** The emulated kubelet as the API server sees it. Rejects with a NodeAgentError the API turns into a Status. */
export interface NodeAgent {
  readonly logs: (namespace: string, pod: string, options: AgentLogOptions) => AsyncIterable<Buffer>;
  readonly exec: (
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    options: { readonly stdin: boolean; readonly tty: boolean },
  ) => Promise<AgentExec>;
  readonly forward: (namespace: string, pod: string, port: number) => Promise<Duplex>;
}

/** A refusal of the kubelet with the HTTP status that the real one's answer becomes. */
export class NodeAgentError extends Error {
  override readonly name = 'NodeAgentError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
