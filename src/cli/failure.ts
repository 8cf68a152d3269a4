/** Errors → words on stderr and an exit code. */
import { LfctlError } from '../errors/error.ts';
import type { ExitName } from '../errors/exit.ts';

/** Anything thrown, as the one error class; what is not expected is a fault of lfctl. */
export function toLfctlError(error: unknown): LfctlError {
  if (error instanceof LfctlError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new LfctlError('BUG', { message: `unexpected ${withoutLogins(message)}`, cause: error });
}

/** What is not ours may quote a URL with a login. */
const withoutLogins = (text: string): string => text.replaceAll(/:\/\/[^\s/@]*@/g, '://[redacted]@');

/** `kind: Error` of the contract. */
interface ErrorDocument {
  readonly kind: 'Error';
  readonly version: 1;
  readonly code: string;
  readonly message: string;
  readonly fixes: readonly { readonly text: string; readonly command?: string }[];
  readonly exit: ExitName;
}

const errorDocument = (error: LfctlError): ErrorDocument => ({
  kind: 'Error',
  version: 1,
  code: error.code,
  message: error.message,
  fixes: error.fixes,
  exit: error.exit,
});

/** The whole of stderr for an error. */
export async function renderError(
  error: LfctlError,
  look: { readonly format: string; readonly color: boolean; readonly debug: boolean },
): Promise<string> {
  const stack = look.debug ? `${stacks(error)}\n` : '';
  if (look.format === 'json') return `${stack}${JSON.stringify(errorDocument(error))}\n`;
  if (look.format === 'yaml') {
    const { toYaml } = await import('../render/yaml.ts');
    return `${stack}${toYaml(errorDocument(error))}`;
  }
  const { errorText } = await import('../render/error.ts');
  return `${stack}${errorText(error, look.color)}`;
}

/** The stacks of an error and of its causes. */
function stacks(error: unknown): string {
  const parts: string[] = [];
  for (let next: unknown = error; next instanceof Error && parts.length < 8; next = next.cause)
    parts.push(withoutLogins(next.stack ?? `${next.name}: ${next.message}`));
  return parts.join('\ncaused by ');
}
