import type { Route } from './route.ts';
import { adminRoutes } from './routes/admin.ts';
import { healthRoutes } from './routes/health.ts';
import { ingestionRoutes } from './routes/ingestion.ts';
import { mediaRoutes } from './routes/media.ts';
import { observationRoutes } from './routes/observations.ts';
import { otelRoutes } from './routes/otel.ts';
import { projectRoutes } from './routes/projects.ts';
import { promptRoutes } from './routes/prompts.ts';
import { scoreRoutes } from './routes/scores.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { traceRoutes } from './routes/traces.ts';

/** All endpoints of the web server, the probes first. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...ingestionRoutes,
  ...otelRoutes,
  ...projectRoutes,
  ...traceRoutes,
  ...observationRoutes,
  ...scoreRoutes,
  ...sessionRoutes,
  ...mediaRoutes,
  ...promptRoutes,
  ...adminRoutes,
];
