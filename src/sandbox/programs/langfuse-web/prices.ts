import type { Prices, StoredRow } from './shapes.ts';
import type { Web } from './web.ts';

/** Prices of the models that the observations were reckoned with; undefined for one without a model. */
export async function pricesOf(
  web: Web,
  observations: readonly StoredRow[],
): Promise<(row: StoredRow) => Prices | undefined> {
  const tiers = observations.flatMap((row) => {
    const tier = row['usage_pricing_tier_id'];
    return typeof tier === 'string' ? [tier] : [];
  });
  if (tiers.length === 0) return () => undefined;
  const rows = await web.postgres.query<{ tier: string; kind: string; price: string }>(
    'SELECT pricing_tier_id AS tier, usage_type AS kind, price FROM prices WHERE pricing_tier_id = ANY($1)',
    [[...new Set(tiers)]],
  );
  return (row) => {
    const tier = row['usage_pricing_tier_id'];
    if (typeof tier !== 'string') return undefined;
    const own = rows.filter((price) => price.tier === tier);
    return Object.fromEntries(own.map(({ kind, price }) => [kind, Number(price)]));
  };
}
