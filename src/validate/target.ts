import type { Deployment } from '../deployment/model.ts';
import { generationOf } from '../deployment/image.ts';
import { modeOf } from '../deployment/mode.ts';
import { reportedVersion } from '../deployment/reported-version.ts';
import type { Settings } from '../deployment/settings.ts';
import { LfctlError } from '../errors/error.ts';
import type { LangfusePort } from '../ports/langfuse.ts';
import type { Era } from './session.ts';
import { probeMode } from './session.ts';

/** The URL of the settings, else the Service of web, which the dialer reaches. @throws LfctlError NOT_CONFIGURED */
export function targetUrl(settings: Settings, deployment: Deployment | null): string {
  if (settings.url !== null) return settings.url.value;
  const service = deployment?.webService ?? null;
  if (service !== null)
    return `http://${service.name}.${service.namespace}.svc.cluster.local:${service.port}`;
  throw new LfctlError('NOT_CONFIGURED', {
    message: deployment === null ? 'no cluster and no URL is configured' : 'no Service leads to web',
    fixes: [{ text: 'give the base URL in LFCTL_URL' }],
  });
}

/**
 * Version, generation and mode: as the server says, else as the image does.
 * @throws LfctlError LANGFUSE_* when nothing answers, LANGFUSE_ANSWER when it is no Langfuse
 */
export async function eraOf(
  langfuse: LangfusePort,
  deployment: Pick<Deployment, 'imageVersion' | 'writeMode'> | null,
): Promise<Era> {
  const answer = await langfuse.get('/api/public/health');
  const version = reportedVersion(answer.body) ?? deployment?.imageVersion ?? null;
  const generation = generationOf(version);
  if (generation === null)
    throw new LfctlError('LANGFUSE_ANSWER', {
      message: `GET /api/public/health answers ${answer.status} without a version: ${answer.body.slice(0, 100)}`,
    });
  // An image by digest does not tell the generation: the variables still tell the mode.
  const mode = modeOf(generation, deployment?.writeMode ?? null) ?? (await probeMode(langfuse));
  return { version, generation, mode };
}

/**
 * The project that a pair opens: the one question that every version answers only with a valid pair.
 * @throws LfctlError LANGFUSE_AUTH, LANGFUSE_ANSWER
 */
export async function projectOf(langfuse: LangfusePort): Promise<string> {
  const answer = await langfuse.getWithKeys('/api/public/projects');
  if (answer.status === 401 || answer.status === 403)
    throw new LfctlError('LANGFUSE_AUTH', {
      message: `GET /api/public/projects answers ${answer.status}: ${answer.body.slice(0, 200)}`,
    });
  const id = /"data"\s*:\s*\[\s*\{\s*"id"\s*:\s*"([^"]+)"/.exec(answer.body)?.[1];
  if (answer.status === 200 && id !== undefined) return id;
  throw new LfctlError('LANGFUSE_ANSWER', {
    message: `GET /api/public/projects answers ${answer.status}: ${answer.body.slice(0, 200)}`,
  });
}
