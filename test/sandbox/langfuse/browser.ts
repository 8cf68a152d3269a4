/** What the server answered, its body read. */
interface Page {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A browser as far as signing in needs one: it keeps cookies. */
export interface Browser {
  readonly signUp: (name: string, email: string, password: string) => Promise<Page>;
  /** Fetches the form's token first, as the sign-in page does. */
  readonly signIn: (email: string, password: string) => Promise<Page>;
  readonly session: () => Promise<Page['body']>;
  readonly post: (path: string, body: unknown) => Promise<Page>;
}

/** Opens a browser on a web server; nobody is signed in. */
export function openBrowser(url: string): Browser {
  const jar = new Map<string, string>();
  const send = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const answer = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const text = await answer.text();
    return {
      status: answer.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Page['body']) : { text },
    };
  };
  const post = async (path: string, body: unknown): Promise<Page> =>
    await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    post,
    signUp: async (name, email, password) => await post('/api/auth/signup', { name, email, password }),
    signIn: async (email, password) => {
      const { csrfToken } = (await send('/api/auth/csrf')).body;
      const form = { csrfToken: String(csrfToken), email, password, callbackUrl: '/', json: 'true' };
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(form).toString();
      return await send('/api/auth/callback/credentials', { method: 'POST', headers, body });
    },
    session: async () => (await send('/api/auth/session')).body,
  };
}
