/** The pair that web makes at its start: web/src/initialize.ts of langfuse/langfuse. */
import type { Component, Deployment } from '../deployment/model.ts';
import { envText, envUnknown } from '../deployment/resolve-env.ts';
import type { EnvSource } from '../deployment/model.ts';

/** What LANGFUSE_INIT_PROJECT_* of web say. */
export type InitKey =
  | { readonly state: 'none' }
  | {
      readonly state: 'set';
      readonly publicKey: string;
      readonly projectId: string;
      /** Where the public key stands. */
      readonly source: EnvSource;
    }
  | { readonly state: 'unknown'; readonly why: string };

const names = {
  organization: 'LANGFUSE_INIT_ORG_ID',
  project: 'LANGFUSE_INIT_PROJECT_ID',
  publicKey: 'LANGFUSE_INIT_PROJECT_PUBLIC_KEY',
  secretKey: 'LANGFUSE_INIT_PROJECT_SECRET_KEY',
} as const;

/** Only a whole set makes a key. Of several web workloads the first that has one speaks. */
export function initKey(deployment: Pick<Deployment, 'components'> | null): InitKey {
  if (deployment === null)
    return { state: 'unknown', why: 'the variables of web are not known without a cluster' };
  const said = deployment.components.filter(({ role }) => role === 'web').map(ofWeb);
  return (
    said.find(({ state }) => state === 'set') ??
    said.find(({ state }) => state === 'unknown') ?? { state: 'none' }
  );
}

function ofWeb({ env }: Component): InitKey {
  if (envText(env, 'NEXT_PUBLIC_LANGFUSE_RUN_NEXT_INIT') === 'false') return { state: 'none' };
  const hidden = Object.values(names).flatMap((name) => {
    const why = envUnknown(env, name);
    return why === null ? [] : [`${name}: ${why}`];
  });
  if (hidden[0] !== undefined) return { state: 'unknown', why: hidden[0] };
  const publicKey = envText(env, names.publicKey);
  const projectId = envText(env, names.project);
  const whole = envText(env, names.organization) !== null && envText(env, names.secretKey) !== null;
  if (publicKey === null || projectId === null || !whole) return { state: 'none' };
  const source = env.variables.get(names.publicKey)?.source ?? { from: 'literal' };
  return { state: 'set', publicKey, projectId, source };
}
