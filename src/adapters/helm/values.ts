/** User-supplied Helm values: where they stand, and which of them are secrets in plain text. Never the values. */

interface Leaf {
  readonly path: string;
  /** Last key of the path that is no index. */
  readonly key: string;
  readonly value: unknown;
}

/** Dotted paths of all leaves, `a.b[0].c`. */
export function valuePaths(values: unknown): string[] {
  return leaves(values, '', '').map((leaf) => leaf.path);
}

/** Paths under which a secret stands as plain text in the values, and so in the release's history. */
export function plaintextSecretPaths(values: unknown): string[] {
  return [
    ...new Set([
      ...leaves(values, '', '')
        .filter(isPlainSecret)
        .map((leaf) => leaf.path),
      ...envPairs(values, ''),
    ]),
  ];
}

function leaves(value: unknown, path: string, key: string): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${path}[${index}]`, key));
  if (typeof value !== 'object' || value === null) return path === '' ? [] : [{ path, key, value }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`, inner !== null && name === 'value' ? key : name),
  );
}

/** Last words of keys that hold secrets: password, rootPassword, NEXTAUTH_SECRET, encryptionKey, salt, accessToken … */
const secretKey =
  /(?:password|passwd|passphrase|secret|token|salt|encryption_?key|api_?key|private_?key|secret_?key|secret_?access_?key|connection_?string|license_?key|^auth)$/i;
/** Keys that only name where a secret is: existingSecret, secretName, secretKeyRef.name, passwordSecretKey … */
const reference =
  /existing|key_?ref|(?:user|password)_?secret_?key$|password_?key$|(?:name|file|path|policy|enabled)$/i;
/** A URL with a password in it. */
const urlLogin = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s@]+@/i;

function isPlainSecret({ path, key, value }: Leaf): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const text = String(value);
  if (text === '' || isReferenceText(text)) return false;
  if (urlLogin.test(text)) return true;
  if (reference.test(key) || /secret_?key_?ref|existing_?secret|secret_?ref/i.test(path)) return false;
  return secretKey.test(key);
}

/** `$(NAME)`, `${NAME}` and templates stand for a value that is elsewhere. */
function isReferenceText(text: string): boolean {
  return /^\$[({].*[)}]$|^\{\{.*\}\}$/.test(text.trim());
}

/** Lists of `{ name: NEXTAUTH_SECRET, value: … }`, as charts take additional variables. */
function envPairs(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => envPairs(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const { name, value: inner } = value as { readonly name?: unknown; readonly value?: unknown };
  const own =
    typeof name === 'string' && isPlainSecret({ path: '', key: name, value: inner }) ? [`${path}.value`] : [];
  const below = Object.entries(value).flatMap(([key, item]) =>
    envPairs(item, path === '' ? key : `${path}.${key}`),
  );
  return [...own, ...below];
}
