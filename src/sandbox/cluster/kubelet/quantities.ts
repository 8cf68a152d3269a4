const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

function quantity(text: string): number {
  const match = /^([\d.]+(?:e\d+)?)([a-zA-Z]*)$/.exec(text);
  return match === null ? 0 : Number(match[1]) * (factors[match[2] ?? ''] ?? 1);
}

/** `512Mi` → bytes. */
export function bytesOf(text: string): number {
  return quantity(text);
}

/** `500m` → 0.5. */
export function coresOf(text: string): number {
  return quantity(text);
}
