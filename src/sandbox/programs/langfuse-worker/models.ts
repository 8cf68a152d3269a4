import type { Postgres, SqlRow } from '../langfuse/postgres.ts';
import type { PricedModel } from './observation-row.ts';

interface DefaultModel {
  readonly id: string;
  readonly name: string;
  readonly pattern: string;
  readonly prices: Readonly<Record<string, number>>;
}

/** A few of the prices that the real worker upserts; gpt-4o's ids and prices are those of the captures. */
const defaultModels: readonly DefaultModel[] = [
  {
    id: 'b9854a5c92dc496b997d99d20',
    name: 'gpt-4o',
    pattern: '(?i)^(openai/)?(gpt-4o)$',
    prices: { input: 0.0000025, output: 0.00001 },
  },
  {
    id: 'clyrjp56f0000t0mzapoocd7u',
    name: 'gpt-4o-mini',
    pattern: '(?i)^(openai/)?(gpt-4o-mini)$',
    prices: { input: 0.00000015, output: 0.0000006 },
  },
];

/** Writes the default models that are not there; as the real one, at every worker start. */
export async function upsertDefaultModels(postgres: Postgres): Promise<void> {
  const known = await postgres.query<{ id: string }>('SELECT id FROM models WHERE project_id IS NULL');
  const ids = new Set(known.map(({ id }) => id));
  for (const model of defaultModels) if (!ids.has(model.id)) await upsertModel(postgres, model);
}

async function upsertModel(postgres: Postgres, model: DefaultModel): Promise<void> {
  const tierId = `${model.id}_tier_default`;
  await postgres.query(
    `INSERT INTO models (id, model_name, match_pattern, unit) VALUES ($1, $2, $3, 'TOKENS') ON CONFLICT DO NOTHING`,
    [model.id, model.name, model.pattern],
  );
  await postgres.query(
    `INSERT INTO pricing_tiers (id, model_id, name, is_default, priority, conditions)
     VALUES ($1, $2, 'Standard', true, 0, '[]') ON CONFLICT DO NOTHING`,
    [tierId, model.id],
  );
  for (const [usageType, price] of Object.entries(model.prices))
    await postgres.query(
      `INSERT INTO prices (id, model_id, usage_type, price, pricing_tier_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [`${tierId}_${usageType}`, model.id, usageType, price, tierId],
    );
}

interface PriceRow extends SqlRow {
  readonly id: string;
  readonly tier_id: string | null;
  readonly tier_name: string | null;
  readonly usage_type: string | null;
  readonly price: string | null;
}

/** The model whose pattern matches, the project's own before the default ones. */
export async function findModel(
  postgres: Postgres,
  projectId: string,
  name: string,
): Promise<PricedModel | undefined> {
  const rows = await postgres.query<PriceRow>(
    `SELECT m.id, t.id AS tier_id, t.name AS tier_name, p.usage_type, p.price
     FROM (SELECT id FROM models WHERE (project_id = $1 OR project_id IS NULL) AND $2 ~ match_pattern
           ORDER BY project_id ASC NULLS LAST, start_date DESC NULLS LAST LIMIT 1) m
     LEFT JOIN pricing_tiers t ON t.model_id = m.id AND t.is_default
     LEFT JOIN prices p ON p.model_id = m.id AND p.pricing_tier_id = t.id`,
    [projectId, name],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const prices = rows.filter((row) => row.usage_type !== null && row.price !== null);
  return {
    modelId: first.id,
    tierId: first.tier_id,
    tierName: first.tier_name,
    prices: Object.fromEntries(prices.map((row) => [row.usage_type ?? '', Number(row.price)])),
  };
}
