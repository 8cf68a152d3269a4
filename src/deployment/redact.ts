import type { Deployment, EnvVariable } from './model.ts';
import { decode } from './targets/decode.ts';

const hidden = '[redacted]';

/** Variable names whose values must never be shown. */
export function secretName(name: string): boolean {
  return /PASS(WORD|WD)?$|PASSWORD|SECRET|SALT|TOKEN|PRIVATE|CREDENTIAL|_AUTH$|(^|_)KEY$|ACCESS_KEY|LICENSE_KEY|ENCRYPTION_KEY|_URL$|CONNECTION_STRING|^DATABASE_ARGS$/.test(
    name,
  );
}

const shapes: readonly [RegExp, string][] = [
  [/\b(sk-lf-)[\w-]+/g, `$1${hidden}`],
  // To the last @ of the word: a password may hold @ and / unencoded.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*:[^\s]*@/gi, `$1${hidden}@`],
  [/\b(Basic|Bearer)\s+[\w+/=.-]{8,}/gi, `$1 ${hidden}`],
  [
    /\b(password|passwd|secret|token|requirepass|api[_-]?key)(["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi,
    `$1$2${hidden}`,
  ],
  [/\b(X-Amz-(?:Signature|Credential))=[^&\s"]+/g, `$1=${hidden}`],
];

/** Cuts what looks like a secret, and every known secret value, out of a text. */
export function makeRedactor(secrets: Iterable<string>): (text: string) => string {
  // Longer ones first, so that a value inside another leaves nothing of it.
  const values = [...new Set(secrets)]
    .filter((value) => value.length >= 6)
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let out = text;
    for (const value of values) out = out.replaceAll(value, hidden);
    for (const [pattern, replacement] of shapes) out = out.replace(pattern, replacement);
    return out;
  };
}

/** Every secret value that the deployment's variables hold, passwords inside URLs included. */
export function deploymentSecrets(deployment: Deployment): Set<string> {
  const secrets = new Set<string>();
  const envs = [...deployment.components, ...deployment.liteLlm].map((one) => one.env);
  for (const env of envs) for (const variable of env.variables.values()) collect(variable, secrets);
  return secrets;
}

function collect(variable: EnvVariable, secrets: Set<string>): void {
  const text = variable.value?.reveal() ?? '';
  if (text === '' || !secretName(variable.name)) return;
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^:/@]*:(.*)@[^@]*$/is.exec(text)?.[1];
  const secret = password ?? (variable.name.endsWith('_URL') ? '' : text);
  for (const form of [secret, decode(secret), ...secret.split('\n').map((line) => line.trim())])
    if (form !== '') secrets.add(form);
}

/** A URL without user and password; cut at the last @, since a password may hold @ and / unencoded. */
export function withoutLogin(text: string): string {
  return text.replace(/:\/\/[^\s]*@/, '://');
}
