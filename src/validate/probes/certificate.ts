import { LfctlError } from '../../errors/error.ts';
import type { Certificate } from '../../ports/certificate.ts';
import type { Run } from '../start.ts';
import type { Finding, Probe } from './probe.ts';
import { skipped, words } from './probe.ts';
import { publicTarget } from './public-target.ts';

const dayMs = 86_400_000;
/** Renewal by cert-manager starts a month before the end: two weeks before, it has not worked. */
const soonDays = 14;

/** The certificate that browsers and SDKs meet. */
export const certificateProbe: Probe = {
  id: 'certificate',
  look: async ({ run, wishes, here }) => {
    const target = publicTarget(wishes, run);
    const url = 'why' in target ? givenUrl(run) : target.url;
    if (url === null) return skipped('why' in target ? target.why : '');
    const { hostname, port, protocol, origin } = url;
    if (protocol !== 'https:') return skipped(`${origin} is no https`);
    const host = hostname.replace(/^\[|\]$/g, '');
    try {
      const shown = await run.options.openers.lookAtCertificate(host, Number(port || '443'), here);
      return { ...judgeCertificate(shown, host, run.options.now()), from: run.view };
    } catch (error) {
      if (!(error instanceof LfctlError)) throw error;
      return { status: 'unknown', detail: `${host}: ${words(error)}`, from: run.view };
    }
  },
};

/** Without a cluster the URL that everything is sent to is that of users. */
function givenUrl({ deployment, options: { settings } }: Run): URL | null {
  const url = deployment === null ? settings.url : null;
  return url !== null && URL.canParse(url.value) ? new URL(url.value) : null;
}

/** Dates and name are the same for everybody; who is trusted is not. */
export function judgeCertificate(shown: Certificate, host: string, now: Date): Omit<Finding, 'from'> {
  const { names, fits, issuer, validFrom, validTo, distrust } = shown;
  const leftDays = Math.floor((validTo.getTime() - now.getTime()) / dayMs);
  const until = validTo.toISOString().slice(0, 10);
  const signed = `issued by ${issuer}`;
  if (leftDays < 0)
    return { status: 'fail', detail: `the certificate of ${host} ended on ${until}, ${signed}` };
  if (validFrom > now)
    return {
      status: 'fail',
      detail: `the certificate of ${host} begins on ${validFrom.toISOString().slice(0, 10)}`,
    };
  if (!fits)
    return { status: 'fail', detail: `the certificate of ${host} is for ${namesText(names)}, ${signed}` };
  const left = `${leftDays} days left (until ${until}), ${signed}`;
  if (distrust !== null)
    return {
      status: 'unknown',
      detail: `${left}; ${distrust} here: trust an own authority by NODE_EXTRA_CA_CERTS, or the server leaves out the certificate between`,
    };
  return { status: 'ok', detail: leftDays < soonDays ? `only ${left}: renew it` : left };
}

const namesText = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
