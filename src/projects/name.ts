/** What Langfuse takes as a project's name: web/src/features/auth/lib/projectNameSchema.ts of langfuse/langfuse. */
import type { Generation } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';

const shortest = 3;
/** Langfuse 2 took 30. */
const longest = (generation: Generation): number => (generation === 2 ? 30 : 60);

/** Why the name would not be taken; null for a good one. */
export function nameProblem(name: string, generation: Generation): string | null {
  const most = longest(generation);
  if (name.length < shortest || name.length > most)
    return `a project's name has ${String(shortest)} to ${String(most)} characters, '${name}' has ${String(name.length)}`;
  if (/<[^>]*>/.test(name)) return `a project's name holds no HTML: '${name}'`;
  // The app would take it, and nobody could type it again.
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  if (name !== name.trim() || /[\u0000-\u001F\u007F]/.test(name))
    return `a project's name neither begins nor ends with a space, and holds no control characters: '${name.trim()}'`;
  return null;
}

/** @throws LfctlError PROJECT_NAME */
export function requireName(name: string, generation: Generation): void {
  const problem = nameProblem(name, generation);
  if (problem !== null) throw new LfctlError('PROJECT_NAME', { message: problem });
}
