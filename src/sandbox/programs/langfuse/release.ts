import type { Generation } from '../../../deployment/model.ts';

/** What differs between the releases the stand-ins speak for. */
export interface Release {
  readonly generation: Generation;
  /** Version as /api/public/health says it. */
  readonly version: string;
  readonly next: string;
  readonly prismaClient: string;
}

const newest: Release = { generation: 4, version: '4.16.0', next: '16.3.0', prismaClient: '6.19.3' };

const releases: Readonly<Record<string, Release>> = {
  '2': { generation: 2, version: '2.95.12', next: '14.2.30', prismaClient: '5.22.0' },
  '3': { generation: 3, version: '3.199.0', next: '16.2.9', prismaClient: '6.19.3' },
  '4': newest,
};

/** The release behind an image tag: a full version, or a major that stands for the one we have. */
export function releaseOf(imageTag: string): Release {
  const version = /^v?(\d+)(\.\d+\.\d+)?/.exec(imageTag);
  const release = releases[version?.[1] ?? ''] ?? newest;
  return version?.[2] === undefined ? release : { ...release, version: `${version[1]}${version[2]}` };
}
