import type { HttpAnswer } from '../../ports/langfuse.ts';
import { objectIn } from '../fields.ts';

/** What Langfuse's API never does: it answers each request itself, and in JSON. Null for an answer that may be its own. */
export function notItsOwn(answer: HttpAnswer): string | null {
  const { status, location } = answer;
  if (status >= 300 && status < 400 && location !== undefined)
    return `${status}, a redirect to ${withoutQuery(location)}`;
  if (isJson(answer.body)) return null;
  return `${status}${serverOf(answer)}${titleOf(answer.body)}, answered by something in front of Langfuse`;
}

/** A sign-in page takes state and tokens in its query. */
const withoutQuery = (location: string): string => location.replace(/[?#].*$/s, '').slice(0, 200);

const isJson = (body: string): boolean => objectIn(body) !== null;

const serverOf = ({ server }: HttpAnswer): string => (server === undefined ? '' : ` of ${server}`);

/** The title of a page, else its first words. */
function titleOf(body: string): string {
  const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? body.replaceAll(/<[^>]*>/g, ' ');
  const words = title
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 80);
  return words === '' ? '' : ` "${words}"`;
}
