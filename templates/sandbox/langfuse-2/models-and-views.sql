-- What the migrations of Langfuse 2.95 leave besides tables: prices of the models that the sandbox sends
-- (packages/shared/prisma/migrations/20240512155021_add_pricing_gpt4o and 20240710114044_add_pricing_gpt4o_mini of
-- langfuse/langfuse; without a tokenizer: the stand-in counts no tokens by itself), and the two views that reading uses
-- (20241015110145_prompts_config_to_JSON, 20240705152639_traces_view_add_created_at_updated_at).
INSERT INTO models (id, model_name, match_pattern, input_price, output_price, unit)
VALUES
  ('b9854a5c92dc496b997d99d20', 'gpt-4o', '(?i)^(gpt-4o)$', 0.000005, 0.000015, 'TOKENS'),
  ('clyrjp56f0000t0mzapoocd7u', 'gpt-4o-mini', '(?i)^(gpt-4o-mini)$', 0.00000015, 0.0000006, 'TOKENS')
ON CONFLICT DO NOTHING;

CREATE OR REPLACE VIEW traces_view AS
SELECT t.*, span.duration
FROM traces t
LEFT JOIN (
  SELECT trace_id, project_id,
    extract(epoch FROM coalesce(max(end_time), max(start_time)))
      - extract(epoch FROM min(start_time))::double precision AS duration
  FROM observations
  GROUP BY project_id, trace_id
) span ON span.trace_id = t.id AND span.project_id = t.project_id;

CREATE OR REPLACE VIEW observations_view AS
SELECT o.id, o.name, o.start_time, o.end_time, o.parent_observation_id, o.type, o.trace_id, o.metadata, o.model,
  o."modelParameters", o.input, o.output, o.level, o.status_message, o.completion_start_time, o.completion_tokens,
  o.prompt_tokens, o.total_tokens, o.version, o.project_id, o.created_at, o.updated_at, o.unit, o.prompt_id,
  p.name AS prompt_name, p.version AS prompt_version, o.input_cost, o.output_cost, o.total_cost, o.internal_model,
  m.id AS model_id, m.start_date AS model_start_date, m.input_price, m.output_price, m.total_price,
  m.tokenizer_config,
  CASE WHEN given.any_cost THEN coalesce(o.calculated_input_cost, o.input_cost)
    ELSE coalesce(o.calculated_input_cost, o.prompt_tokens * m.input_price) END AS calculated_input_cost,
  CASE WHEN given.any_cost THEN coalesce(o.calculated_output_cost, o.output_cost)
    ELSE coalesce(o.calculated_output_cost, o.completion_tokens * m.output_price) END AS calculated_output_cost,
  CASE WHEN given.any_cost THEN coalesce(o.calculated_total_cost, o.total_cost)
    ELSE coalesce(o.calculated_total_cost, m.total_price * o.total_tokens,
      o.prompt_tokens * m.input_price + o.completion_tokens * m.output_price) END AS calculated_total_cost,
  extract(epoch FROM o.end_time - o.start_time)::double precision AS latency,
  extract(epoch FROM o.completion_start_time - o.start_time)::double precision AS time_to_first_token
FROM observations o
CROSS JOIN LATERAL (SELECT num_nonnulls(o.input_cost, o.output_cost, o.total_cost) > 0 AS any_cost) given
LEFT JOIN LATERAL (
  SELECT * FROM models
  WHERE (models.project_id = o.project_id OR models.project_id IS NULL) AND models.model_name = o.internal_model
    AND (models.start_date < o.start_time OR models.start_date IS NULL) AND models.unit = o.unit
  ORDER BY models.project_id, models.start_date DESC NULLS LAST
  LIMIT 1
) m ON true
LEFT JOIN LATERAL (
  SELECT name, version FROM prompts WHERE prompts.id = o.prompt_id AND prompts.project_id = o.project_id LIMIT 1
) p ON true;
