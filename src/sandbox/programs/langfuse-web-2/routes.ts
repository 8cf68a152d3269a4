import type { Route } from '../langfuse-web/route.ts';
import { authRoutes } from '../langfuse-web/routes/auth.ts';
import { userActionRoutes } from '../langfuse-web/routes/trpc.ts';
import { deleteProject2 } from './project-deletion.ts';
import { adminRoutes } from './routes/admin.ts';
import { exportRoutes } from './routes/exports.ts';
import { healthRoutes } from './routes/health.ts';
import { ingestionRoutes } from './routes/ingestion.ts';
import { mediaRoutes } from './routes/media.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { observationRoutes } from './routes/observations.ts';
import { projectRoutes } from './routes/projects.ts';
import { promptRoutes } from './routes/prompts.ts';
import { scoreRoutes } from './routes/scores.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { traceRoutes } from './routes/traces.ts';
import type { Web2 } from './web.ts';

/** Endpoints of 2.95: there is none for OpenTelemetry, and none that deletes traces. */
export const routes: readonly Route<Web2>[] = [
  ...healthRoutes,
  ...ingestionRoutes,
  ...projectRoutes,
  ...traceRoutes,
  ...observationRoutes,
  ...scoreRoutes,
  ...sessionRoutes,
  ...mediaRoutes,
  ...promptRoutes,
  ...metricsRoutes,
  ...exportRoutes,
  ...authRoutes,
  ...userActionRoutes(deleteProject2),
  ...adminRoutes,
];
