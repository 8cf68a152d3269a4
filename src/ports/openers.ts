import type { LookAtCertificate } from './certificate.ts';
import type { OpenClickHouse } from './clickhouse.ts';
import type { Dialer } from './dialer.ts';
import type { HelmPort } from './helm.ts';
import type { HoldIdle } from './idle.ts';
import type { KubePort, OpenKube } from './kube.ts';
import type { OpenLangfuse } from './langfuse.ts';
import type { EncodeSpans } from './otlp.ts';
import type { OpenObjects } from './objects.ts';
import type { OpenPostgres } from './postgres.ts';
import type { OpenRedis } from './redis.ts';

/** How each port is opened; adapters stand behind these, imported on first use. */
export interface PortOpeners {
  readonly openKube: OpenKube;
  readonly openHelm: (kube: KubePort) => HelmPort;
  /** Direct without a cluster; through port-forwards outside of it. */
  readonly dialer: (kube: KubePort | null, defaultNamespace: string | null) => Promise<Dialer>;
  readonly openPostgres: OpenPostgres;
  readonly openClickHouse: OpenClickHouse;
  readonly openRedis: OpenRedis;
  readonly openObjects: OpenObjects;
  readonly openLangfuse: OpenLangfuse;
  readonly encodeSpans: EncodeSpans;
  readonly lookAtCertificate: LookAtCertificate;
  readonly holdIdle: HoldIdle;
}
