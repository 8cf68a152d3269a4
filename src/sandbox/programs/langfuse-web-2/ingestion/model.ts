import type { Postgres, SqlRow } from '../../langfuse/postgres.ts';

/** A model's prices per unit. */
export interface Model2 {
  readonly id: string;
  readonly name: string;
  readonly unit: string | null;
  readonly inputPrice: number | undefined;
  readonly outputPrice: number | undefined;
  readonly totalPrice: number | undefined;
}

/** What a model is looked up by. */
export interface ModelWanted {
  readonly projectId: string;
  /** As the client named it. */
  readonly model: string | undefined;
  /** As it was matched before. */
  readonly internalModel: string | undefined;
  readonly unit: string | undefined;
  readonly startTime: Date;
}

interface ModelRow extends SqlRow {
  readonly id: string;
  readonly model_name: string;
  readonly unit: string | null;
  readonly input_price: string | null;
  readonly output_price: string | null;
  readonly total_price: string | null;
}

/** The model whose pattern matches, the project's own before the default ones (modelMatch.ts at v2.95.12). */
export async function findModel2(postgres: Postgres, wanted: ModelWanted): Promise<Model2 | undefined> {
  const { projectId, model, internalModel, unit, startTime } = wanted;
  const name = model ?? internalModel;
  if (name === undefined) return undefined;
  const matches = model === undefined ? '$2 = model_name' : '$2 ~ match_pattern';
  const [row] = await postgres.query<ModelRow>(
    `SELECT id, model_name, unit, input_price, output_price, total_price FROM models
     WHERE (project_id = $1 OR project_id IS NULL) AND ${matches} AND ($3::text IS NULL OR unit = $3)
       AND (start_date IS NULL OR start_date <= $4::timestamptz AT TIME ZONE 'UTC')
     ORDER BY project_id ASC, start_date DESC NULLS LAST LIMIT 1`,
    [projectId, name, unit ?? null, startTime],
  );
  if (row === undefined) return undefined;
  return {
    id: row.id,
    name: row.model_name,
    unit: row.unit,
    inputPrice: price(row.input_price),
    outputPrice: price(row.output_price),
    totalPrice: price(row.total_price),
  };
}

function price(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
