import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { checkServerIdentity, connect } from 'node:tls';
import type { Certificate, LookAtCertificate } from '../ports/certificate.ts';
import { langfuseError } from './langfuse/failure.ts';
import { within } from './net/deadline.ts';
import { openWay } from './net/dial-agent.ts';
import { networkFailure, place } from './net/network-error.ts';
import type { ProxyEnv } from './net/proxy.ts';
import { handshake } from './net/tls-stream.ts';

/** Looks at certificates; HTTPS_PROXY of the environment holds for hosts that are reached directly. */
export function certificateLooker(proxyEnv?: ProxyEnv): LookAtCertificate {
  return async (host, port, access) => {
    try {
      return await within(access.connectTimeoutMs, access.signal, async (signal) =>
        look(await openWay(host, port, access, { tls: {}, proxyEnv }, signal), host, signal),
      );
    } catch (error) {
      throw langfuseError({ url: `https://${place(host, port)}` }, error);
    }
  };
}

/** Nothing is sent on it, so a certificate that is not trusted does no harm here. */
async function look(plain: Duplex, host: string, signal: AbortSignal): Promise<Certificate> {
  const socket = connect({
    socket: plain,
    host,
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  try {
    await handshake(socket, plain, signal);
    return certificateOf(socket, host);
  } finally {
    socket.destroy();
  }
}

function certificateOf(socket: TLSSocket, host: string): Certificate {
  const shown: DetailedPeerCertificate = socket.getPeerCertificate(true);
  return {
    names: namesOf(shown),
    fits: checkServerIdentity(host, shown) === undefined,
    issuer: [shown.issuer.CN ?? shown.issuer.O ?? []].flat().join(', '),
    validFrom: new Date(shown.valid_from),
    validTo: new Date(shown.valid_to),
    distrust: distrustOf(socket),
  };
}

/** `DNS:a.example.com, IP Address:10.0.0.1` */
const namesOf = ({ subjectaltname, subject }: DetailedPeerCertificate): string[] =>
  subjectaltname === undefined
    ? [subject.CN ?? []].flat()
    : subjectaltname.split(', ').map((name) => name.replace(/^[^:]*:/, ''));

/** Dates and names are judged apart from it. */
function distrustOf({ authorized, authorizationError }: TLSSocket): string | null {
  // Typed as an Error; it is that of the name check, or a code of OpenSSL.
  const given: unknown = authorizationError;
  const code = given instanceof Error && 'code' in given ? given.code : given;
  const isOther = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' || code === otherName;
  if (authorized || isOther) return null;
  return networkFailure({ code })?.text ?? String(code);
}

const otherName = 'ERR_TLS_CERT_ALTNAME_INVALID';
