import { Secret } from '../secret.ts';
import type { Sourced } from '../settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Completes an S3 URL without keys: from the MC_HOST_* of the same host, as MinIO's mc has them
 * (https://min.io/docs/minio/linux/reference/minio-mc.html), else from AWS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY.
 */
export function withObjectKeys(url: Sourced<Secret>, env: Environment): Sourced<Secret> {
  const parsed = new URL(url.value.reveal());
  if (parsed.username !== '') return url;
  const found = fromMinio(parsed, env) ?? fromAws(env);
  if (found === null) return url;
  parsed.username = found.user;
  parsed.password = found.password;
  return { ...url, value: new Secret(parsed.href), origin: `${url.origin} + ${found.origin}` };
}

interface Login {
  /** Percent-encoded. */
  readonly user: string;
  readonly password: string;
  readonly origin: string;
}

function fromMinio(target: URL, env: Environment): Login | null {
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('MC_HOST_') || value === undefined || !URL.canParse(value)) continue;
    const host = new URL(value);
    if (host.host === target.host && host.username !== '')
      return { user: host.username, password: host.password, origin: name };
  }
  return null;
}

function fromAws(env: Environment): Login | null {
  const user = env['AWS_ACCESS_KEY_ID'] ?? '';
  const password = env['AWS_SECRET_ACCESS_KEY'] ?? '';
  if (user === '' || password === '') return null;
  return {
    user: encodeURIComponent(user),
    password: encodeURIComponent(password),
    origin: 'AWS_ACCESS_KEY_ID',
  };
}
