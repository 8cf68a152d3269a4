/** The shape of the configuration file. Every problem's words are made here; lines are added by parse.ts. */
import * as v from 'valibot';

const text = (what: string) => v.pipe(v.string(`${what} is needed`), v.nonEmpty(`${what} is needed`));

/** Where a secret is taken from: it is never in the file itself. */
const secretSource = v.pipe(
  text('environment:NAME or file:PATH'),
  v.regex(/^(?:environment:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'environment:NAME or file:PATH is needed'),
);

const store = v.strictObject({ from: secretSource }, 'from: environment:NAME or file:PATH is needed');

const webUrl = v.pipe(
  text('a URL such as https://langfuse.example.com'),
  v.check(
    (value) => /^https?:$/.test(safeUrl(value)?.protocol ?? ''),
    'an http:// or https:// URL is needed',
  ),
  v.check((value) => (safeUrl(value)?.password ?? '') === '', 'a URL without a password is needed'),
);

function safeUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

const deployment = v.strictObject(
  {
    kubernetes: v.optional(
      v.strictObject(
        {
          kubeconfig: v.optional(text('a file name')),
          context: v.optional(text('a context name')),
          namespace: v.optional(
            v.pipe(
              text('a namespace'),
              v.regex(
                /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
                'a namespace is lower case letters, digits and dashes',
              ),
            ),
          ),
          release: v.optional(text('a release name')),
        },
        'kubeconfig, context, namespace and release belong here',
      ),
    ),
    url: v.optional(webUrl),
    keys: v.optional(
      v.strictObject(
        {
          from: v.pipe(
            text('environment or file:PATH'),
            v.regex(/^(?:environment|file:.+)$/, 'environment or file:PATH is needed'),
          ),
        },
        'from: environment or file:PATH is needed',
      ),
    ),
    organizationKeys: v.optional(
      v.strictObject(
        { from: v.pipe(text('file:PATH'), v.regex(/^file:.+$/, 'file:PATH is needed')) },
        'from: file:PATH is needed',
      ),
    ),
    stores: v.optional(
      v.strictObject(
        {
          databaseUrl: v.optional(store),
          clickhouseUrl: v.optional(store),
          redisUrl: v.optional(store),
          s3Url: v.optional(store),
        },
        'databaseUrl, clickhouseUrl, redisUrl and s3Url belong here',
      ),
    ),
    litellm: v.optional(
      v.strictObject({ namespace: v.optional(text('a namespace')) }, 'namespace belongs here'),
    ),
    ingress: v.optional(
      v.strictObject(
        {
          loadBalancerIdleSeconds: v.optional(
            v.pipe(
              v.number('a number of seconds is needed'),
              v.integer('a whole number of seconds is needed'),
              v.minValue(1, 'at least 1 second is needed'),
            ),
          ),
        },
        'loadBalancerIdleSeconds belongs here',
      ),
    ),
  },
  'kubernetes, url, keys, organizationKeys, stores, litellm and ingress belong here',
);

export const configSchema = v.strictObject(
  {
    current: v.optional(text('the name of a deployment')),
    deployments: v.optional(
      v.record(text('a deployment name'), deployment, 'deployments by their names belong here'),
    ),
  },
  'current and deployments belong here',
);

/** The parsed configuration file. */
export type ConfigFile = v.InferOutput<typeof configSchema>;
/** One deployment of it. */
export type ConfigDeployment = v.InferOutput<typeof deployment>;
