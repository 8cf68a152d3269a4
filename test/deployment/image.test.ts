import { describe, expect, it } from 'vitest';
import { generationOf, imageName, tagVersion } from '../../src/deployment/image.ts';

const digest = `sha256:${'0'.repeat(64)}`;

describe('what an image is called', () => {
  it.each([
    ['langfuse/langfuse:3', 'web', 'official'],
    ['docker.io/langfuse/langfuse', 'web', 'official'],
    ['ghcr.io/langfuse/langfuse-worker:3.199.0', 'worker', 'official'],
    [`registry:5000/proxy/langfuse/langfuse@${digest}`, 'web', 'official'],
    ['registry:5000/langfuse-worker', 'worker', 'mirror'],
    ['corp/docker-hub_langfuse_langfuse-worker:3', 'worker', 'mirror'],
    ['corp/docker.io.langfuse.langfuse:3', 'web', 'mirror'],
    ['corp/langfuse/worker:3', 'worker', 'mirror'],
    ['corp/langfuse:3', 'web', 'mirror'],
    ['corp/langfuse-fips:3', 'web', 'similar'],
    ['corp/langfuse-worker-hardened:3', 'worker', 'similar'],
    ['corp/langfuse-exporter:3', 'web', 'similar'],
  ])('%s: %s, %s', (image, role, likeness) => {
    expect(imageName(image)).toEqual({ role, likeness });
  });

  it.each(['', 'corp/app:langfuse', 'langfuse/other:3', 'corp/mylangfuse:3', 'postgres:15'])(
    '%j is none of Langfuse',
    (image) => {
      expect(imageName(image)).toBeNull();
    },
  );
});

describe('the version that a tag names', () => {
  it.each([
    ['x:3.199.0', '3.199.0', 3],
    ['x:v2.95.12-alpine', '2.95.12', 2],
    ['x:3', '3', 3],
    ['x:4.16', '4.16', 4],
    [`x:4.16.0@${digest}`, '4.16.0', 4],
    ['x:prod-3.199.0', '3.199.0', 3],
    ['x:release_v3.199.0_7', '3.199.0', 3],
    ['x:5.0.0', '5.0.0', 4],
    ['x:1.9.0', '1.9.0', null],
  ])('%s: %s', (image, version, generation) => {
    expect(tagVersion(image)).toBe(version);
    expect(generationOf(version)).toBe(generation);
  });

  it.each([
    'x',
    'x:latest',
    `x@${digest}`,
    'x:2024-11-12',
    'x:20241112',
    'x:1234',
    'x:sha-3f9c2e1',
    'r:5000/x',
  ])('%s names none', (image) => {
    expect(tagVersion(image)).toBeNull();
    expect(generationOf(null)).toBeNull();
  });
});
