import { describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/ports/certificate.ts';
import { certificateProbe, judgeCertificate } from '../../../src/validate/probes/certificate.ts';
import { publicUrlProbe } from '../../../src/validate/probes/public-url.ts';
import { settings } from '../../deployment/installations.ts';
import { contextOf, deployment, failure, now } from './_context.ts';

const shown: Certificate = {
  names: ['lf.example.com', '*.lf.example.com'],
  fits: true,
  issuer: 'R11',
  validFrom: new Date('2026-10-01T00:00:00Z'),
  validTo: new Date('2026-12-31T00:00:00Z'),
  distrust: null,
};
const judge = (parts: Partial<Certificate>) =>
  judgeCertificate({ ...shown, ...parts }, 'lf.example.com', now);

describe('a certificate', () => {
  it.each<[string, Partial<Certificate>, string, string]>([
    ['in time', {}, 'ok', '39 days left (until 2026-12-31), issued by R11'],
    ['near its end', { validTo: new Date('2026-12-01T00:00:00Z') }, 'ok', 'only 9 days left'],
    ['past its end', { validTo: new Date('2026-11-20T00:00:00Z') }, 'fail', 'ended on 2026-11-20'],
    ['before its time', { validFrom: new Date('2026-11-22T00:00:00Z') }, 'fail', 'begins on 2026-11-22'],
    ['for other names', { fits: false }, 'fail', 'is for lf.example.com, *.lf.example.com'],
    [
      'of an own authority',
      { distrust: 'the certificate authority is not trusted' },
      'unknown',
      'NODE_EXTRA_CA_CERTS',
    ],
    // An end that everybody sees goes before a trust that differs.
    [
      'of an own authority and past its end',
      { distrust: 'x', validTo: new Date(0) },
      'fail',
      'ended on 1970',
    ],
  ])('%s', (_, parts, status, text) => {
    const found = judge(parts);
    expect(found.status).toBe(status);
    expect(found.detail).toContain(text);
  });

  it('is looked at where users come in, and skipped where that is no https', async () => {
    const asked: string[] = [];
    const lookAtCertificate = async (host: string, port: number): Promise<Certificate> => {
      asked.push(`${host}:${port}`);
      return await Promise.resolve(shown);
    };
    const given = await deployment({ publicUrl: 'https://lf.example.com' });
    const look = async (publicUrl: string | null) =>
      await certificateProbe.look(
        contextOf({ run: { deployment: given }, openers: { lookAtCertificate }, wishes: { publicUrl } }),
      );
    expect(await look(null)).toMatchObject({ status: 'ok', from: 'machine' });
    expect(await look('https://[::1]:8443')).toMatchObject({ status: 'ok' });
    expect(asked).toEqual(['lf.example.com:443', '::1:8443']);
    expect(await look('http://127.0.0.1:8080')).toMatchObject({ status: 'skipped' });
  });

  it('without a cluster is that of the URL which was given', async () => {
    const asked: string[] = [];
    const lookAtCertificate = async (host: string, port: number): Promise<Certificate> => {
      asked.push(`${host}:${port}`);
      return await Promise.resolve(shown);
    };
    const url = { value: 'https://lf.example.com/base', source: 'environment', origin: 'LFCTL_URL' } as const;
    const options = { settings: { ...settings(), url } };
    const context = contextOf({ openers: { lookAtCertificate }, options });
    expect(await certificateProbe.look(context)).toMatchObject({ status: 'ok' });
    expect(asked).toEqual(['lf.example.com:443']);
    expect(await publicUrlProbe.look(context)).toMatchObject({
      status: 'skipped',
      detail: 'everything goes by LFCTL_URL already',
    });
  });

  it('that could not be looked at is not known', async () => {
    const lookAtCertificate = () =>
      Promise.reject(failure('LANGFUSE_UNKNOWN_HOST', 'HTTP at h:443: no such host'));
    const context = contextOf({ openers: { lookAtCertificate }, wishes: { publicUrl: 'https://h' } });
    expect(await certificateProbe.look(context)).toEqual({
      status: 'unknown',
      detail: 'h: no such host',
      from: 'machine',
    });
  });
});
