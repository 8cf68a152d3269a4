/** What differs between the releases the stand-ins speak for. */
export interface Release {
  /** Version as /api/public/health says it. */
  readonly version: string;
  readonly next: string;
  readonly prismaClient: string;
}

const releases: Readonly<Record<string, Release>> = {
  '3': { version: '3.199.0', next: '16.2.9', prismaClient: '6.19.3' },
};

/** The release behind an image tag: a full version, or a major that stands for the one we have. */
export function releaseOf(imageTag: string): Release {
  const version = /^v?(\d+)(\.\d+\.\d+)?/.exec(imageTag);
  const release = releases[version?.[1] ?? '3'] ?? {
    version: '3.199.0',
    next: '16.2.9',
    prismaClient: '6.19.3',
  };
  return version?.[2] === undefined ? release : { ...release, version: `${version[1]}${version[2]}` };
}
