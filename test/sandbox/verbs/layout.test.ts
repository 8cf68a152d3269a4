import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeSecret, Workload } from '../../../src/ports/kube-objects.ts';
import { buildLayout } from '../../../src/sandbox/layouts/index.ts';
import type { Layout } from '../../../src/sandbox/layouts/layout.ts';
import { fastHash, seededSecrets } from '../../../src/sandbox/layouts/secrets.ts';
import { packageFolder } from '../../../src/sandbox/package-folder.ts';

const secrets = seededSecrets('7');

function layout(seed = '7'): Promise<Layout> {
  return buildLayout('runbook', {
    generation: 3,
    writeMode: null,
    owner: null,
    version: '3.199.0',
    secrets: seededSecrets(seed),
    templatesFolder: join(packageFolder(), 'templates', 'sandbox'),
    now: new Date('2026-11-20T12:00:00Z'),
  });
}

async function objects(): Promise<KubeSecret[]> {
  const { stages } = await layout();
  return stages.flatMap((stage) => stage.objects.map(({ object }) => object as KubeSecret));
}

interface Release {
  readonly config: { readonly image: { readonly tag: string } };
  readonly manifest: string;
}

const text = (secret: KubeSecret | undefined, key: string): string =>
  Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8');

describe('the runbook layout', () => {
  it('has the names of the operators', async () => {
    const ids = (await objects()).map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
    );
    expect(ids).toEqual(
      expect.arrayContaining([
        'Deployment hyperplane-langfuse/langfuse',
        'Deployment hyperplane-langfuse/langfuse-worker',
        'StatefulSet hyperplane-langfuse/langfuse-postgresql',
        'StatefulSet hyperplane-langfuse/langfuse-clickhouse',
        'StatefulSet hyperplane-langfuse/langfuse-redis',
        'Service hyperplane-langfuse/langfuse',
        'Deployment hyperplane-minio/minio',
        'ConfigMap hyperplane-litellm/litellm-config',
        'VirtualService hyperplane-langfuse/langfuse',
        'Ingress hyperplane-langfuse/langfuse',
      ]),
    );
  });

  it('leaves no placeholder and selects the pods it makes', async () => {
    const all = await objects();
    expect(JSON.stringify(all)).not.toContain('${');
    for (const workload of all.filter(({ kind }) => /Deployment|StatefulSet/.test(kind ?? ''))) {
      const { selector, template } = (workload as unknown as Workload).spec;
      expect(template.metadata?.labels).toMatchObject(selector?.matchLabels ?? {});
    }
  });

  it('gives LiteLLM the key pair whose hash the database holds', async () => {
    const all = await objects();
    const liteLlm = all.find(({ metadata }) => metadata.name === 'litellm-env');
    expect(text(liteLlm, 'LANGFUSE_PUBLIC_KEY')).toBe(secrets.PUBLIC_KEY);
    const app = all.find(({ metadata }) => metadata.name === 'langfuse-env');
    expect(text(app, 'SALT')).toBe(secrets.SALT);
    expect(text(app, 'ENCRYPTION_KEY')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps three revisions as Helm does, without any secret in them', async () => {
    const kept = (await objects()).filter(({ type }) => type === 'helm.sh/release.v1');
    expect(kept.map(({ metadata }) => metadata.name)).toEqual(
      [1, 2, 3].map((n) => `sh.helm.release.v1.langfuse.v${n}`),
    );
    expect(kept.map(({ metadata }) => metadata.labels?.['status'])).toEqual([
      'superseded',
      'superseded',
      'deployed',
    ]);
    const texts = kept.map((secret) =>
      gunzipSync(Buffer.from(text(secret, 'release'), 'base64')).toString('utf8'),
    );
    const releases = texts.map((each) => JSON.parse(each) as Release);
    expect(releases.map((release) => release.config.image.tag)).toEqual(['3.171.0', '3.194.1', '3.199.0']);
    expect(releases[2]?.manifest).toContain('image: langfuse/langfuse:3.199.0');
    for (const secret of Object.values(secrets)) for (const each of texts) expect(each).not.toContain(secret);
  });

  it('follows from the seed', async () => {
    expect(JSON.stringify(await layout('7'))).toBe(JSON.stringify(await layout('7')));
    expect(seededSecrets('8').SALT).not.toBe(secrets.SALT);
  });
});

describe('the fast hash of a key', () => {
  it('is the one Langfuse computes', () => {
    const expected = '02cf8583b11b2a6d2043873d73cea216a777732b948b5df8ff3b631886f2ed78';
    expect(fastHash('sk-lf-00000000-0000-4000-8000-000000000000', 'mysalt')).toBe(expected);
    expect(fastHash('a', 'b')).not.toBe(createHash('sha256').update('ab').digest('hex'));
  });
});
