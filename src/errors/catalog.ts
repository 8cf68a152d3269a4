import { clickhouseErrors } from './catalog/clickhouse.ts';
import { cliErrors } from './catalog/cli.ts';
import { deploymentErrors } from './catalog/deployment.ts';
import { keysErrors } from './catalog/keys.ts';
import { kubeErrors } from './catalog/kube.ts';
import { langfuseErrors } from './catalog/langfuse.ts';
import { objectsErrors } from './catalog/objects.ts';
import { planErrors } from './catalog/plan.ts';
import { postgresErrors } from './catalog/postgres.ts';
import { projectsErrors } from './catalog/projects.ts';
import { redisErrors } from './catalog/redis.ts';
import { rotationErrors } from './catalog/rotation.ts';
import { sandboxErrors } from './catalog/sandbox.ts';
import { usersErrors } from './catalog/users.ts';

/** Every error lfctl can give, by its stable code. */
export const errorCatalog = {
  ...cliErrors,
  ...deploymentErrors,
  ...kubeErrors,
  ...postgresErrors,
  ...clickhouseErrors,
  ...redisErrors,
  ...objectsErrors,
  ...langfuseErrors,
  ...planErrors,
  ...keysErrors,
  ...projectsErrors,
  ...usersErrors,
  ...rotationErrors,
  ...sandboxErrors,
} as const;

/** A stable error code; scripts may rely on it. */
export type ErrorCode = keyof typeof errorCatalog;
