import type { Answer } from './answer.ts';
import { actorOf } from './member.ts';
import { deleteProject } from './project-store.ts';
import type { Route } from './route.ts';
import { adminKeyRoutes } from './routes/admin-keys.ts';
import { adminOrganizationRoutes } from './routes/admin-organizations.ts';
import { adminRoutes } from './routes/admin.ts';
import { authRoutes } from './routes/auth.ts';
import { healthRoutes } from './routes/health.ts';
import { ingestionRoutes } from './routes/ingestion.ts';
import { mediaRoutes } from './routes/media.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { observationRoutes } from './routes/observations.ts';
import { eventObservationRoutes } from './routes/observations-v2.ts';
import { otelRoutes } from './routes/otel.ts';
import { organizationRoutes } from './routes/organizations.ts';
import { projectKeyRoutes } from './routes/project-keys.ts';
import { projectRoutes } from './routes/projects.ts';
import { promptRoutes } from './routes/prompts.ts';
import { scoreRoutes } from './routes/scores.ts';
import { scoreListRoutes } from './routes/scores-v3.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { traceRoutes } from './routes/traces.ts';
import { userActionRoutes } from './routes/trpc.ts';
import type { Web } from './web.ts';

/** All endpoints of the web server, the probes first. */
const routes: readonly Route[] = [
  ...healthRoutes,
  ...ingestionRoutes,
  ...otelRoutes,
  ...projectRoutes,
  ...projectKeyRoutes,
  ...organizationRoutes,
  ...traceRoutes,
  ...observationRoutes,
  ...eventObservationRoutes,
  ...metricsRoutes,
  ...scoreRoutes,
  ...scoreListRoutes,
  ...sessionRoutes,
  ...mediaRoutes,
  ...promptRoutes,
  ...authRoutes,
  ...userActionRoutes<Web>(async (web, member, id) => deleteProject(web, member.orgId, id, actorOf(member))),
  ...adminRoutes,
  ...adminKeyRoutes,
  ...adminOrganizationRoutes,
];

/** Endpoints of 3 that the sandbox has no use for, but whose absence on 4 tells the mode. */
const oldRoutes: readonly Route[] = [
  { path: '/api/public/events', methods: {}, legacy: ['POST'] },
  { path: '/api/public/spans', methods: {}, legacy: ['POST', 'PATCH'] },
  { path: '/api/public/generations', methods: {}, legacy: ['POST', 'PATCH'] },
  { path: '/api/public/metrics', methods: {}, legacy: ['GET'] },
  { path: '/api/public/metrics/daily', methods: {}, legacy: ['GET'] },
  { path: '/api/public/dataset-run-items', methods: {}, legacy: ['GET'] },
  { path: '/api/public/datasets/:name/runs', methods: {}, legacy: ['GET'] },
  { path: '/api/public/datasets/:name/runs/:runName', methods: {}, legacy: ['GET', 'DELETE'] },
];

/** What this deployment serves: in events_only mode the endpoints that need the tables of 3 say that they are gone. */
export function routesOf({ flags }: Web): readonly Route[] {
  if (flags.writesLegacy) return routes;
  return [...routes, ...oldRoutes].map((route) => {
    const refused = (route.legacy ?? []).map((method) => [method, gone] as const);
    return { ...route, methods: { ...route.methods, ...Object.fromEntries(refused) } };
  });
}

/** Before any look at the key (web/src/features/public-api/server/createAuthedProjectAPIRoute.ts). */
async function gone(): Promise<Answer> {
  const message =
    'This endpoint is not available on deployments running in Langfuse v4 events_only mode. Learn more about Langfuse v4 at: https://langfuse.com/docs/v4';
  return { status: 404, json: { message } };
}
