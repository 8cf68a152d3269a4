/** Names that are set in the field and read by nothing there, with the names that do what they were meant for. */
import type { Generation } from './model.ts';

/** A name that these generations do not read. */
export interface InertVariable {
  readonly name: string;
  /** Names that are read instead; all of them are needed. Empty where nothing does it. */
  readonly use: readonly string[];
  readonly why: string;
  readonly generations: readonly Generation[];
  /** A value that asks for what holds anyway: the official chart writes some of these names by itself. */
  readonly harmless?: string;
}

const ever: readonly Generation[] = [2, 3, 4];
const s3Uses = ['EVENT_UPLOAD', 'MEDIA_UPLOAD', 'BATCH_EXPORT'];
const perUse = (suffix: string): string[] => s3Uses.map((use) => `LANGFUSE_S3_${use}_${suffix}`);

/** Langfuse 2's names of the bucket for exports, with the suffix that the three uses of 3 and 4 have for it. */
const s3Names: readonly (readonly [old: string, suffix: string])[] = [
  ['ENDPOINT', 'ENDPOINT'],
  ['REGION', 'REGION'],
  ['BUCKET_NAME', 'BUCKET'],
  ['ACCESS_KEY_ID', 'ACCESS_KEY_ID'],
  ['SECRET_ACCESS_KEY', 'SECRET_ACCESS_KEY'],
  ['FORCE_PATH_STYLE', 'FORCE_PATH_STYLE'],
];

const ofTwo = s3Names.flatMap(([old, suffix]): InertVariable[] => [
  {
    name: `S3_${old}`,
    use: perUse(suffix),
    why: 'a name of Langfuse 2; from 3.0.0 on each use of the object store has its own',
    generations: [3, 4],
  },
  {
    name: `LANGFUSE_S3_BATCH_EXPORT_${suffix}`,
    use: [`S3_${old}`],
    why: `read from 3.0.0 on; Langfuse 2 reads S3_${old}`,
    generations: [2],
  },
]);

const runbook = ['ENDPOINT', 'FORCE_PATH_STYLE'].flatMap((suffix): InertVariable[] => [
  {
    name: `LANGFUSE_S3_${suffix}`,
    use: perUse(suffix),
    why: 'no release reads it: the names are per use',
    generations: [3, 4],
  },
  {
    name: `LANGFUSE_S3_${suffix}`,
    use: [`S3_${suffix}`],
    why: `no release reads it: Langfuse 2 reads S3_${suffix}`,
    generations: [2],
  },
]);

/** docker-compose.yml of langfuse/langfuse sets these, packages/shared/src/env.ts has them with _PATH. */
const redisTls = ['CA', 'CERT', 'KEY'].flatMap((what): InertVariable[] => [
  {
    name: `REDIS_TLS_${what}`,
    use: [`REDIS_TLS_${what}_PATH`],
    why: `no release reads it; REDIS_TLS_${what}_PATH is read from 3.28.0 on`,
    generations: [3, 4],
  },
  { name: `REDIS_TLS_${what}`, use: [], why: 'no release reads it', generations: [2] },
]);

/** Written by the official chart (langfuse/langfuse-k8s templates/_helpers.tpl). */
const chart: readonly InertVariable[] = [
  {
    name: 'DATABASE_PORT',
    use: ['DATABASE_HOST'],
    why: 'the entrypoint ignores it; write host:port into DATABASE_HOST',
    generations: ever,
    harmless: '5432',
  },
  {
    name: 'ENABLE_EXPERIMENTAL_FEATURES',
    use: ['LANGFUSE_ENABLE_EXPERIMENTAL_FEATURES'],
    why: 'the app reads the longer name',
    generations: ever,
    harmless: 'false',
  },
  {
    name: 'LANGFUSE_S3_MEDIA_UPLOAD_MAX_CONTENT_LENGTH',
    use: ['LANGFUSE_S3_MEDIA_MAX_CONTENT_LENGTH'],
    why: 'the app reads the name without UPLOAD',
    generations: ever,
    harmless: '1000000000',
  },
  {
    name: 'LANGFUSE_S3_MEDIA_UPLOAD_DOWNLOAD_URL_EXPIRY_SECONDS',
    use: ['LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS'],
    why: 'the app reads the name without UPLOAD',
    generations: ever,
    harmless: '3600',
  },
];

export const inertVariables: readonly InertVariable[] = [
  {
    name: 'LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS',
    use: ['KEEP_ALIVE_TIMEOUT'],
    why: 'no release reads it; KEEP_ALIVE_TIMEOUT (milliseconds) on web does',
    generations: ever,
  },
  {
    name: 'LANGFUSE_HTTP_HEADERS_TIMEOUT_MS',
    use: [],
    why: 'no release reads it, and nothing sets the headers timeout',
    generations: ever,
  },
  {
    name: 'REDIS_URL',
    use: ['REDIS_CONNECTION_STRING'],
    why: 'read by the worker of 2.7 to 2.11 alone',
    generations: ever,
  },
  ...runbook,
  ...ofTwo,
  ...redisTls,
  ...chart,
];

/** The entry of a name that nothing reads in this generation; null stands for any. */
export function inertFor(name: string, generation: Generation | null): InertVariable | undefined {
  return inertVariables.find(
    (one) =>
      one.name === name &&
      (generation === null ? one.generations.length === ever.length : one.generations.includes(generation)),
  );
}
