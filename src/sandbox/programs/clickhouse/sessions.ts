import type { Engine, EngineSession } from './engine.ts';
import { RequestRefused } from './exception.ts';
import type { ClickHouseRequest } from './request.ts';

/** A session for one request, and what becomes of it afterwards. */
export interface Lease {
  readonly session: EngineSession;
  readonly release: () => void;
}

/** Sessions that requests share by session_id, with their settings and temporary tables. */
export interface Sessions {
  /** @throws RequestRefused while another request uses the session */
  readonly lease: (request: ClickHouseRequest) => Lease;
  readonly close: () => void;
}

interface Kept {
  readonly session: EngineSession;
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** A request without session_id gets a session of its own, so that nothing of it stays. */
export function openSessions(engine: Engine): Sessions {
  const kept = new Map<string, Kept>();
  const end = (id: string): void => {
    kept.get(id)?.session.close();
    kept.delete(id);
  };
  return {
    lease: (request) => {
      const { sessionId } = request;
      if (sessionId === null) {
        const session = engine.open();
        return { session, release: () => session.close() };
      }
      const entry = kept.get(sessionId) ?? { session: engine.open(), busy: false, timer: undefined };
      if (entry.busy) throw sessionIsLocked(sessionId);
      kept.set(sessionId, entry);
      entry.busy = true;
      clearTimeout(entry.timer);
      const release = (): void => {
        entry.busy = false;
        entry.timer = setTimeout(() => end(sessionId), request.sessionTimeoutMs).unref();
      };
      return { session: entry.session, release };
    },
    close: () => {
      for (const [id, { timer }] of kept) {
        clearTimeout(timer);
        end(id);
      }
    },
  };
}

function sessionIsLocked(id: string): RequestRefused {
  return new RequestRefused({
    code: 373,
    name: 'SESSION_IS_LOCKED',
    message: `Session ${id} is locked by a concurrent client`,
  });
}
