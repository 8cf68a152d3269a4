/** Switching on a use of the object store that a layout leaves off. */
import type { FaultContext } from '../fault.ts';
import { variableValue } from './_steps.ts';

const settings = ['REGION', 'ENDPOINT', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'FORCE_PATH_STYLE'] as const;

/** The family of variables that names an object store on this generation: Langfuse 2 has one for exports. */
const known = ({ generation }: FaultContext): string =>
  generation === 2 ? 'S3' : 'LANGFUSE_S3_EVENT_UPLOAD';

/** Address and key of the object store that there is, under the names of another use. */
export async function sameStore(
  context: FaultContext,
  family: string,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const name of settings)
    values[`${family}_${name}`] = await variableValue(context, `${known(context)}_${name}`);
  return values;
}

/** Name of the bucket that there is, and the endpoint that pods reach it at. */
export async function innerStore(
  context: FaultContext,
): Promise<{ readonly bucket: string; readonly endpoint: string }> {
  const bucket = context.generation === 2 ? 'S3_BUCKET_NAME' : 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET';
  return {
    bucket: await variableValue(context, bucket),
    endpoint: await variableValue(context, `${known(context)}_ENDPOINT`),
  };
}

/** Any project that there is. */
export async function someProject({ postgres }: FaultContext): Promise<string> {
  const [project] = await postgres<{ id: string }>('SELECT id FROM projects LIMIT 1');
  return project?.id ?? '';
}
