import { describe, expect, it } from 'vitest';
import { findImage, fullImageName, parseImage, pullError } from '../../src/sandbox/images.ts';

describe('images', () => {
  it.each([
    ['langfuse/langfuse:3.199.0', 'langfuse-web'],
    ['docker.langfuse.com/langfuse/langfuse:2.95.12', 'langfuse-web'],
    ['registry.local:5000/mirror/langfuse/langfuse-worker:4.16.0', 'langfuse-worker'],
    ['postgres:15', 'postgres'],
    ['docker.io/bitnamilegacy/postgresql:17.3.0-debian-12-r1', 'postgres'],
    ['clickhouse/clickhouse-server:25.8', 'clickhouse'],
    ['bitnami/valkey:8.0', 'redis'],
    ['redis:7.2.5', 'redis'],
    ['minio/minio:RELEASE.2025-04-22T22-12-26Z', 'objects'],
    ['ghcr.io/berriai/litellm-database:main-v1.74.3-stable', 'litellm'],
    ['docker.io/istio/proxyv2:1.24.1', 'sidecar'],
    ['busybox', 'sidecar'],
    ['docker.io/chrislusf/seaweedfs:3.95', 'objects'],
    ['registry.local/mirror/langfuse-langfuse:3.199.0', 'langfuse-web'],
    ['registry.local/mirror/langfuse-langfuse-worker:3.199.0', 'langfuse-worker'],
    ['registry.local/mirror/bitnami-clickhouse:26.4', 'clickhouse'],
    ['registry.local/mirror/bitnami_postgresql:17', 'postgres'],
  ])('%s is %s', (image, program) => {
    expect(findImage(image)?.program).toBe(program);
  });

  it('gives no process to what nothing here asks', () => {
    expect(findImage('docker.io/bitnamilegacy/zookeeper:3.9.3')).toMatchObject({
      program: 'sidecar',
      idle: true,
    });
    expect(findImage('clickhouse/clickhouse-keeper:26.4')).toMatchObject({ program: 'sidecar', idle: true });
    expect(findImage('clickhouse/clickhouse-server:26.4')).toMatchObject({ idle: false });
  });

  it.each([
    'langfuse/langfuse:3.199',
    'langfuse/langfuse:9.9.9',
    'langfuse/langfuse-worker:2.95.12',
    'example.com/unheard-of:1',
  ])('%s is nowhere', (image) => {
    expect(findImage(image)).toBeNull();
  });

  it('reads names as a container runtime does', () => {
    expect(fullImageName('redis')).toBe('docker.io/library/redis:latest');
    expect(fullImageName('localhost/redis:7')).toBe('localhost/redis:7');
    expect(parseImage('a.b:5000/x/y:1@sha256:00')).toEqual({
      registry: 'a.b:5000',
      repository: 'x/y',
      tag: '1',
    });
    expect(pullError('langfuse/langfuse:0')).toBe(
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/langfuse/langfuse:0": ' +
        'failed to resolve reference "docker.io/langfuse/langfuse:0": docker.io/langfuse/langfuse:0: not found',
    );
  });
});
