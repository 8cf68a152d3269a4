import type { ErrorCode } from './catalog.ts';
import { errorCatalog } from './catalog.ts';
import type { ExitName } from './exit.ts';

/** One next step after a failure: what to do, and where there is one, the line that does it. */
export interface Fix {
  readonly text: string;
  readonly command?: string;
}

/** What an error says about one occurrence; the rest comes from the catalogue entry of its code. */
export interface ErrorDetail {
  /** One sentence: what happened, to which thing. Never holds a secret. */
  readonly message: string;
  /** More specific next steps than the catalogue's; shown first. */
  readonly fixes?: readonly Fix[];
  readonly cause?: unknown;
}

/**
 * The one error class of lfctl. Adapters turn each vendor's failures into it, commands let it pass,
 * and the command line turns it into words and an exit code.
 */
export class LfctlError extends Error {
  override readonly name = 'LfctlError';
  readonly code: ErrorCode;
  readonly exit: ExitName;
  readonly fixes: readonly Fix[];

  constructor(code: ErrorCode, detail: ErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    const entry = errorCatalog[code];
    this.code = code;
    this.exit = entry.exit;
    this.fixes = [...(detail.fixes ?? []), ...entry.fixes];
  }
}

/** Ends an exhaustive switch: a new member of the union breaks the build here. */
export function unreachable(value: never): never {
  throw new LfctlError('BUG', { message: `unexpected value ${String(value)}` });
}
