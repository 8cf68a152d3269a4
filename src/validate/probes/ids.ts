/** What validate looks at beside the way of a trace, in the order of reports. */
export const probeIds = [
  'public-url',
  'certificate',
  'media',
  'export',
  'prompt',
  'score',
  'idle',
  'litellm',
] as const;
export type ProbeId = (typeof probeIds)[number];
