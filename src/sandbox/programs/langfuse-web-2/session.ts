import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isRecord } from '../langfuse/event-check.ts';
import type { Settings } from '../langfuse/settings.ts';
import type { Web2 } from './web.ts';

/** What NextAuth 4 derives its key with (https://github.com/nextauthjs/next-auth/blob/v4/packages/next-auth/src/jwt/index.ts). */
const keyPurpose = 'NextAuth.js Generated Encryption Key';

/** Whether the request carries the session of someone who may see the project: a member, or an admin of the instance. */
export async function maySee(web: Web2, request: IncomingMessage, projectId: string): Promise<boolean> {
  const email = sessionEmail(web.settings, request.headers.cookie ?? '', new Date());
  if (email === undefined) return false;
  const rows = await web.postgres.query(
    `SELECT u.id FROM users u JOIN projects p ON p.id = $2
     LEFT JOIN organization_memberships m ON m.user_id = u.id AND m.org_id = p.org_id
     LEFT JOIN project_memberships r ON r.user_id = u.id AND r.project_id = p.id
     WHERE u.email = lower($1) AND (u.admin OR coalesce(r.role, m.role) <> 'NONE')`,
    [email, projectId],
  );
  return rows.length > 0;
}

function sessionEmail(settings: Settings, cookies: string, now: Date): string | undefined {
  const secure = settings.text('NEXTAUTH_URL')?.startsWith('https://') === true ? '__Secure-' : '';
  const name = `${secure}next-auth.session-token=`;
  const cookie = cookies.split(/; */).find((text) => text.startsWith(name));
  const claims = opened(cookie?.slice(name.length) ?? '', settings.text('NEXTAUTH_SECRET') ?? '');
  const { email, exp } = claims ?? {};
  const expired = typeof exp !== 'number' || exp * 1000 < now.getTime();
  return typeof email === 'string' && !expired ? email : undefined;
}

/** The claims of a JWE in its compact form (dir, A256GCM); undefined for one that another secret made. */
function opened(token: string, secret: string): Readonly<Record<string, unknown>> | undefined {
  const [header = '', , iv = '', text = '', tag = ''] = token.split('.');
  try {
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
    const key = Buffer.from(hkdfSync('sha256', secret, '', keyPurpose, 32));
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(iv));
    decipher.setAAD(Buffer.from(header)).setAuthTag(bytes(tag));
    const claims: unknown = JSON.parse(
      `${decipher.update(bytes(text), undefined, 'utf8')}${decipher.final('utf8')}`,
    );
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
