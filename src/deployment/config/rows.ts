import type { Settings, SettingSource, Sourced } from '../settings.ts';

/** One effective setting as `config view` shows it. */
export interface SettingRow {
  readonly name: string;
  /** Null when unset; secrets are `[redacted]`. */
  readonly value: string | number | boolean | null;
  readonly source: SettingSource;
  readonly origin: string;
}

/** Every setting with its provenance, in the order of the file's sections. */
export function settingRows(settings: Settings): SettingRow[] {
  const { kubernetes, stores } = settings;
  return [
    row('kubernetes.kubeconfig', kubernetes.kubeconfig, 'KUBECONFIG, ~/.kube/config or service account'),
    row('kubernetes.context', kubernetes.context, 'current context'),
    row('kubernetes.namespace', kubernetes.namespace, 'found by discovery'),
    row('kubernetes.release', kubernetes.release, 'found by discovery'),
    enabledRow(kubernetes.enabled),
    row('url', settings.url, 'found by discovery'),
    row('keys.publicKey', settings.publicKey, 'none'),
    row('keys.secretKey', settings.secretKey, 'none'),
    row('organizationKeys.publicKey', settings.organizationKeys.publicKey, 'none'),
    row('organizationKeys.secretKey', settings.organizationKeys.secretKey, 'none'),
    row('stores.databaseUrl', stores.databaseUrl, 'found by discovery'),
    row('stores.clickhouseUrl', stores.clickhouseUrl, 'found by discovery'),
    row('stores.redisUrl', stores.redisUrl, 'found by discovery'),
    row('stores.s3Url', stores.s3Url, 'found by discovery'),
    row('ingress.loadBalancerIdleSeconds', settings.ingress.loadBalancerIdleSeconds, 'by the ingress class'),
    row('litellm.namespace', settings.liteLlm.namespace, 'found by discovery'),
  ];
}

const enabledRow = (enabled: boolean): SettingRow => ({
  name: 'kubernetes.enabled',
  value: enabled,
  source: 'default',
  origin: enabled ? 'a cluster is used' : 'URLs alone are given',
});

function row(name: string, setting: Sourced<unknown> | null, otherwise: string): SettingRow {
  if (setting === null) return { name, value: null, source: 'default', origin: otherwise };
  const { value, source, origin } = setting;
  const plain = typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
  return { name, value: plain, source, origin };
}
