import { X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../src/sandbox/cluster/api/certificate.ts';
import { startTestApi, tokens } from './harness.ts';

function secureGet(url: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${tokens.admin}` };
    const request = get(url, { ca, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}

describe('TLS', () => {
  it('makes a certificate that stands for its hosts and signs itself', () => {
    const made = selfSignedCertificate(['127.0.0.1', 'localhost'], new Date('2026-05-06T07:08:09Z'));
    const certificate = new X509Certificate(made.cert);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(new Date(certificate.validFrom).toISOString()).toBe('2026-05-05T07:08:09.000Z');
  });

  it('serves HTTPS and HTTP on one port', async () => {
    const { api, ask } = await startTestApi();
    expect(api.secureUrl).toBe(api.url.replace('http:', 'https:'));
    expect(await secureGet(`${api.secureUrl}/api/v1/pods`, api.certificate)).toBe(200);
    expect((await ask('GET', '/api/v1/pods')).code).toBe(200);
  });

  it('is not trusted by who does not know the certificate', async () => {
    const { api } = await startTestApi();
    const other = selfSignedCertificate(['127.0.0.1'], new Date());
    await expect(secureGet(`${api.secureUrl}/version`, other.cert)).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY|CERT/),
    });
  });
});
