import { stringify } from 'yaml';

/** What a kubeconfig gives access to. */
export interface KubeconfigAccess {
  /** Over TLS: kubectl sends no token without it. */
  readonly server: string;
  /** PEM. */
  readonly certificate: string;
  readonly token: string;
  readonly namespace: string;
}

/** A kubeconfig for the sandbox's API, with the admin's token in it: keep it at mode 0600. */
export function kubeconfigText(name: string, access: KubeconfigAccess): string {
  const { server, certificate, token, namespace } = access;
  const context = `lfctl-sandbox-${name}`;
  const authority = Buffer.from(certificate).toString('base64');
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context,
      preferences: {},
      clusters: [{ name: context, cluster: { server, 'certificate-authority-data': authority } }],
      users: [{ name: context, user: { token } }],
      contexts: [{ name: context, context: { cluster: context, user: context, namespace } }],
    },
    { lineWidth: 0 },
  );
}
