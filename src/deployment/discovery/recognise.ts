import type { Container, ObjectMeta, Probe } from '../../ports/kube-objects.ts';
import { imageRole } from '../image.ts';
import type { ResolvedEnv, Role } from '../model.ts';

/** A container that looks like Langfuse, how sure, and why. */
export interface Recognised {
  readonly role: Role;
  readonly score: number;
  readonly evidence: readonly string[];
}

interface Clue {
  readonly role: Role | null;
  readonly score: number;
  readonly text: string;
}

/** A container counts from this score on: an image alone, a command alone, or two weaker clues. */
const acceptedScore = 6;

/**
 * Weighs image, command, variable names, probes and labels; names of objects never count.
 * Variables tell the role last: charts give web and worker the same ones.
 */
export function recognise(
  container: Container,
  env: ResolvedEnv,
  meta: Partial<ObjectMeta>,
): Recognised | null {
  const clues = [...manifestClues(container, meta), envClue(env)].filter((clue) => clue !== null);
  const score = clues.reduce((sum, clue) => sum + clue.score, 0);
  const role = clues.find((clue) => clue.role !== null)?.role;
  if (score < acceptedScore || role === undefined || role === null) return null;
  const evidence = clues.toSorted((left, right) => right.score - left.score).map((clue) => clue.text);
  return { role, score, evidence };
}

/** False where variables alone could not make it Langfuse: then no Secret of it is read. */
export function mayBeLangfuse(container: Container, meta: Partial<ObjectMeta>): boolean {
  return manifestClues(container, meta).length > 0;
}

/** What the manifest itself says, in the order in which it tells the role. */
function manifestClues(container: Container, meta: Partial<ObjectMeta>): Clue[] {
  const clues = [imageClue(container), commandClue(container), probeClue(container), labelClue(meta)];
  return clues.filter((clue) => clue !== null);
}

function imageClue(container: Container): Clue | null {
  const role = imageRole(container.image ?? '');
  return role === null ? null : { role, score: 10, text: `image ${container.image ?? ''}` };
}

function commandClue(container: Container): Clue | null {
  const line = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  if (/web\/(server\.js|entrypoint\.sh)/.test(line))
    return { role: 'web', score: 6, text: `command ${line}` };
  if (/worker\/(dist\/index\.js|entrypoint\.sh)/.test(line))
    return { role: 'worker', score: 6, text: `command ${line}` };
  return null;
}

function envClue(env: ResolvedEnv): Clue | null {
  const has = (name: string): boolean => env.variables.has(name);
  const database = has('DATABASE_URL') || has('DATABASE_HOST');
  if (has('NEXTAUTH_SECRET') && has('SALT') && database)
    return { role: 'web', score: 5, text: 'variables NEXTAUTH_SECRET, SALT, DATABASE_URL' };
  if (has('CLICKHOUSE_URL') && has('LANGFUSE_S3_EVENT_UPLOAD_BUCKET'))
    return { role: 'worker', score: 5, text: 'variables CLICKHOUSE_URL, LANGFUSE_S3_EVENT_UPLOAD_BUCKET' };
  return null;
}

function probeClue(container: Container): Clue | null {
  const paths = [container.livenessProbe, container.readinessProbe, container.startupProbe].map(
    (probe: Probe | undefined) => probe?.httpGet?.path?.split('?')[0],
  );
  if (paths.some((path) => path === '/api/public/health' || path === '/api/public/ready'))
    return { role: 'web', score: 4, text: 'probe /api/public/health' };
  if (paths.includes('/api/health')) return { role: 'worker', score: 4, text: 'probe /api/health' };
  return null;
}

function labelClue(meta: Partial<ObjectMeta>): Clue | null {
  const labels = meta.labels ?? {};
  const named = labels['app.kubernetes.io/name'] ?? labels['app'];
  const chart = labels['helm.sh/chart'] ?? '';
  if (named !== 'langfuse' && !/^langfuse-\d/.test(chart)) return null;
  const component = labels['app.kubernetes.io/component'];
  const role = component === 'web' || component === 'worker' ? component : null;
  return { role, score: 2, text: 'label langfuse' };
}
