import type { Container, ObjectMeta, Probe } from '../../ports/kube-objects.ts';
import { imageName } from '../image.ts';
import type { Confidence, ResolvedEnv, Role } from '../model.ts';

/** A container that looks like Langfuse, how sure, and why. */
export interface Recognised {
  readonly role: Role;
  readonly score: number;
  readonly confidence: Confidence;
  /** Strongest first; what speaks for the other role says so. */
  readonly evidence: readonly string[];
}

interface Clue {
  readonly from: 'command' | 'image' | 'probe' | 'label' | 'variables';
  readonly role: Role | null;
  readonly score: number;
  readonly text: string;
}

/** A container counts from this score on: an image alone, a command alone, or two weaker clues. */
const acceptedScore = 6;
const officialScore = 10;
const similarScore = 3;

/**
 * Weighs command, image, variable names, probes and labels; names of objects never count.
 * What a container runs tells its role before what it is asked: a command before its image, both before probes.
 * Variables tell it last: charts give web and worker the same ones.
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
  // Web's variables are the worker's too: they contradict nothing.
  const contrary = (clue: Clue): boolean =>
    clue.from !== 'variables' && clue.role !== null && clue.role !== role;
  const evidence = clues
    .toSorted((left, right) => right.score - left.score)
    .map((clue) => (contrary(clue) ? `${clue.text} (though that is ${clue.role ?? ''})` : clue.text));
  const sure = confidenceOf(clues);
  return { role, score, confidence: clues.some(contrary) && sure === 'certain' ? 'likely' : sure, evidence };
}

/** Programs that charts put beside Langfuse under its own labels, in their usual images and mirrors of these. */
const storePrograms = /(postgres|pgbouncer|clickhouse|zookeeper|redis|valkey|minio|seaweedfs)/;

/** False where variables alone could not make it Langfuse: then no Secret of it is read. */
export function mayBeLangfuse(container: Container, meta: Partial<ObjectMeta>): boolean {
  const clues = manifestClues(container, meta);
  if (clues.some((clue) => clue.from !== 'label')) return true;
  return clues.length > 0 && !storePrograms.test(container.image ?? '');
}

/** Labels and variables say what a container is for and is given, not what runs in it: another tool may share them. */
function confidenceOf(clues: readonly Clue[]): Confidence {
  const has = (from: Clue['from'], score = 0): boolean =>
    clues.some((clue) => clue.from === from && clue.score > score);
  const supports = ['command', 'probe', 'variables'] as const;
  if (has('image', officialScore - 1)) return 'certain';
  if (has('image', similarScore)) return supports.some((from) => has(from)) ? 'certain' : 'likely';
  return has('command') || (has('probe') && (has('variables') || has('image'))) ? 'likely' : 'guess';
}

/** What the manifest itself says, in the order in which it tells the role. */
function manifestClues(container: Container, meta: Partial<ObjectMeta>): Clue[] {
  const clues = [commandClue(container), imageClue(container), probeClue(container), labelClue(meta)];
  return clues.filter((clue) => clue !== null);
}

function imageClue(container: Container): Clue | null {
  const name = imageName(container.image ?? '');
  if (name === null) return null;
  const score = { official: officialScore, mirror: 8, similar: similarScore }[name.likeness];
  return { from: 'image', role: name.role, score, text: `image ${container.image ?? ''}` };
}

/** Paths inside the images: langfuse/langfuse web/Dockerfile and worker/Dockerfile. */
function commandClue(container: Container): Clue | null {
  const line = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  // The whole line may hold anything, passwords too.
  const clue = (role: Role, match: RegExpExecArray | null): Clue | null =>
    match === null ? null : { from: 'command', role, score: 6, text: `command ${match[0]}` };
  return (
    clue('web', /web\/(server\.js|entrypoint\.sh)/.exec(line)) ??
    clue('worker', /worker\/(dist\/index\.js|entrypoint\.sh)/.exec(line))
  );
}

function envClue(env: ResolvedEnv): Clue | null {
  const has = (name: string): boolean => env.variables.has(name);
  const clue = (role: Role, names: readonly string[]): Clue => ({
    from: 'variables',
    role,
    score: 5,
    text: `variables ${names.join(', ')}`,
  });
  const database = ['DATABASE_URL', 'DATABASE_HOST'].find(has);
  if (has('NEXTAUTH_SECRET') && has('SALT') && database !== undefined)
    return clue('web', ['NEXTAUTH_SECRET', 'SALT', database]);
  const worker = ['CLICKHOUSE_URL', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET'];
  return worker.every(has) ? clue('worker', worker) : null;
}

function probeClue(container: Container): Clue | null {
  const paths = [container.livenessProbe, container.readinessProbe, container.startupProbe].map(
    (probe: Probe | undefined) => probe?.httpGet?.path?.split('?')[0],
  );
  const clue = (role: Role, path: string | undefined): Clue | null =>
    path === undefined ? null : { from: 'probe', role, score: 4, text: `probe ${path}` };
  const of = (...known: readonly string[]): string | undefined =>
    paths.find((path) => path !== undefined && known.includes(path));
  return (
    clue('web', of('/api/public/health', '/api/public/ready')) ??
    clue('worker', of('/api/health', '/api/ready'))
  );
}

function labelClue(meta: Partial<ObjectMeta>): Clue | null {
  const labels = meta.labels ?? {};
  const named = labels['app.kubernetes.io/name'] ?? labels['app'];
  const chart = labels['helm.sh/chart'] ?? '';
  if (named !== 'langfuse' && !/^langfuse-\d/.test(chart)) return null;
  const component = labels['app.kubernetes.io/component'];
  const role = component === 'web' || component === 'worker' ? component : null;
  return { from: 'label', role, score: 2, text: 'label langfuse' };
}
