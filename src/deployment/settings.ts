import type { Secret } from './secret.ts';

/** Where an effective setting came from, weakest first. */
export type SettingSource = 'default' | 'file' | 'environment' | 'flag';

/** A setting with its provenance: `lfctl config view --sources` shows both. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly source: SettingSource;
  /** `LFCTL_NAMESPACE`, `--namespace`, `config.yaml:12`. */
  readonly origin: string;
}

/** Everything the command line, the environment and the configuration file say, parsed once. */
export interface Settings {
  /** Name of the deployment in the configuration file, if one was used. */
  readonly deployment: string | null;
  readonly configFile: string;
  readonly kubernetes: {
    readonly kubeconfig: Sourced<string> | null;
    readonly context: Sourced<string> | null;
    readonly namespace: Sourced<string> | null;
    readonly release: Sourced<string> | null;
    /** False when only URLs are given and no cluster was asked for. */
    readonly enabled: boolean;
  };
  /** Base URL of web, given by hand. */
  readonly url: Sourced<string> | null;
  readonly publicKey: Sourced<string> | null;
  readonly secretKey: Sourced<Secret> | null;
  /** A pair of organisation scope, for what an Enterprise licence lets the public API administer. */
  readonly organizationKeys: {
    readonly publicKey: Sourced<string> | null;
    readonly secretKey: Sourced<Secret> | null;
  };
  /** Stores given by URL; they win over discovery for reading data. */
  readonly stores: {
    readonly databaseUrl: Sourced<Secret> | null;
    readonly clickhouseUrl: Sourced<Secret> | null;
    readonly redisUrl: Sourced<Secret> | null;
    readonly s3Url: Sourced<Secret> | null;
  };
  readonly ingress: { readonly loadBalancerIdleSeconds: Sourced<number> | null };
  readonly liteLlm: { readonly namespace: Sourced<string> | null };
  /** Deadline of the whole run, in milliseconds. */
  readonly timeoutMs: number;
}
