import { LfctlError } from '../errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../ports/langfuse.ts';
import type { Reach, Tenancy } from './access.ts';

/** What Langfuse answered to an administrative request. */
export interface ApiAnswer {
  readonly status: number;
  /** The parsed body; null where it is no JSON. */
  readonly body: unknown;
}

/** The part of the public API that a key of organisation scope opens, with an Enterprise licence. */
export interface OrganizationApi {
  /**
   * Sends one request with the organisation's pair. Refusals are answers, for the caller to judge.
   * @throws LfctlError LANGFUSE_* where there is no answer at all
   */
  readonly send: (method: HttpRequest['method'], path: string, json?: unknown) => Promise<ApiAnswer>;
  /** Projects of the organisation, as the probe listed them. */
  readonly projects: readonly ApiProject[];
}

/** A project as `GET /api/public/organizations/projects` lists it. */
interface ApiProject {
  readonly id: string;
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Opens it, and asks for the organisation's projects to see that it is there. Why not, else. */
export async function openOrganizationApi(tenancy: Tenancy): Promise<Reach<OrganizationApi>> {
  const { settings, webUrl, generation, openers, opened } = tenancy;
  const { publicKey, secretKey } = settings.organizationKeys;
  if (publicKey === null && secretKey === null)
    return skipped('no key of an organisation is set (LFCTL_ORG_PUBLIC_KEY, LFCTL_ORG_SECRET_KEY)');
  if (publicKey === null || secretKey === null)
    return failed('CONFIG_INVALID', `only half of the organisation's pair is set: ${halfOf(tenancy)}`);
  if (generation === 2) return skipped('Langfuse 2 has no API for organisations');
  if (webUrl === null) return skipped('no URL leads to web');
  const pair = { publicKey: publicKey.value, secretKey: secretKey.value };
  const web = openers.openLangfuse({ url: webUrl, ...pair }, opened.access);
  try {
    return await judged(web);
  } catch (error) {
    if (error instanceof LfctlError) return { state: 'unknown', why: error.message, error };
    throw error;
  }
}

const skipped = (why: string): Reach<never> => ({ state: 'skipped', why });

function failed(code: 'CONFIG_INVALID' | 'LANGFUSE_AUTH' | 'LANGFUSE_FAILED', why: string): Reach<never> {
  return { state: 'unknown', why, error: new LfctlError(code, { message: why }) };
}

const halfOf = ({ settings }: Tenancy): string =>
  settings.organizationKeys.publicKey?.origin ?? settings.organizationKeys.secretKey?.origin ?? '';

/** The refusals of web/src/pages/api/public/organizations/projects/index.ts of langfuse/langfuse. */
async function judged(web: LangfusePort): Promise<Reach<OrganizationApi>> {
  const send: OrganizationApi['send'] = async (method, path, json) =>
    answerOf(await web.sendWithKeys(requestOf(method, path, json)));
  const { status, body } = await send('GET', '/api/public/organizations/projects');
  const said = saying(body);
  if (status === 200) return { state: 'open', port: { send, projects: projectsIn(body) } };
  if (status === 401) return failed('LANGFUSE_AUTH', 'Langfuse refuses the key pair of the organisation');
  if (status === 403 && said.includes('plan'))
    return skipped('the API for organisations needs an Enterprise licence, and this Langfuse has none');
  if (status === 403)
    return failed('LANGFUSE_AUTH', "LFCTL_ORG_PUBLIC_KEY is a project's key, not an organisation's");
  if (status === 404 || status === 405)
    return skipped('this version of Langfuse has no API for organisations');
  return failed(
    'LANGFUSE_FAILED',
    `GET /api/public/organizations/projects answered ${String(status)} ${said}`.trim(),
  );
}

function requestOf(method: HttpRequest['method'], path: string, json: unknown): HttpRequest {
  if (json === undefined) return { method, path };
  const headers = { 'content-type': 'application/json' };
  return { method, path, headers, body: Buffer.from(JSON.stringify(json)) };
}

/** @throws LfctlError LANGFUSE_ANSWER where the answer was too long to be read whole */
function answerOf({ status, body, truncated }: HttpAnswer): ApiAnswer {
  if (truncated)
    throw new LfctlError('LANGFUSE_ANSWER', { message: 'the answer is longer than lfctl reads (64 KiB)' });
  try {
    return { status, body: JSON.parse(body) as unknown };
  } catch {
    return { status, body: null };
  }
}

/** What a refusal says: the older routes in `message`, those of organisations in `error`. */
export function saying(body: unknown): string {
  const { message, error } = recordOf(body);
  return typeof message === 'string' ? message : typeof error === 'string' ? error : '';
}

function projectsIn(body: unknown): ApiProject[] {
  const { projects } = recordOf(body);
  return (Array.isArray(projects) ? (projects as unknown[]) : []).map(recordOf).flatMap((one) => {
    const { id, name, createdAt } = one;
    if (typeof id !== 'string' || typeof name !== 'string') return [];
    return [{ id, name, createdAt: typeof createdAt === 'string' ? createdAt : '' }];
  });
}

/** A JSON object by its fields; without any where it is something else. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
