import { reachOf } from '../../deployment/targets/reach.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Access } from '../../ports/dialer.ts';
import type { HttpAnswer, LangfusePort } from '../../ports/langfuse.ts';
import { fieldsOf } from '../fields.ts';
import { mediaInUse, useText } from './in-use.ts';
import { announcement, getMedia, putMedia, refusalText, uploadOf, type Upload } from './media-upload.ts';
import type { Finding, Probe, ProbeContext, View } from './probe.ts';
import { words } from './probe.ts';

/** Uploads a few bytes as an SDK does, from where lfctl runs; where nobody there can, from inside of the cluster. */
export const mediaProbe: Probe = {
  id: 'media',
  look: async (context) => {
    const { postgres, media } = context.run.stations;
    // Nothing is made that could not be removed.
    for (const station of [media, postgres])
      if (station.state !== 'open') return { status: station.state, detail: station.detail, from: null };
    const upload = uploadOf(context.canary.traceId);
    const place = await announce(context.run.langfuse, upload);
    if ('refusal' in place) return { status: 'fail', detail: place.refusal, from: context.run.view };
    return await transfer(context, upload, place);
  },
};

/** Where the bytes are to go. */
interface Place {
  readonly mediaId: string;
  readonly url: URL;
}

async function announce(
  langfuse: LangfusePort,
  upload: Upload,
): Promise<Place | { readonly refusal: string }> {
  const answer = await langfuse.sendWithKeys({ ...post, body: announcement(upload) });
  const { mediaId, uploadUrl } = fieldsOf(answer);
  if (answer.status === 201 && typeof mediaId === 'string' && URL.canParse(String(uploadUrl)))
    return { mediaId, url: new URL(String(uploadUrl)) };
  return { refusal: `POST ${post.path} answers ${answer.status}: ${answer.body.slice(0, 200)}` };
}

const json = { 'content-type': 'application/json' } as const;
const post = { method: 'POST', path: '/api/public/media', headers: json } as const;

/** From here, and where there is no way from here, from inside. */
async function transfer(context: ProbeContext, upload: Upload, place: Place): Promise<Finding> {
  const { run, here, inside } = context;
  const { openLangfuse } = run.options.openers;
  const first = await putMedia(openLangfuse, here, place.url, upload);
  if (!(first instanceof LfctlError)) return await judge(context, upload, place, first, here, run.view);
  const second = await putMedia(openLangfuse, inside, place.url, upload);
  if (second instanceof LfctlError) return nowhere(place, first, second, run.view);
  const found = await judge(context, upload, place, second, inside, 'cluster');
  if (found.status !== 'ok') return found;
  return {
    ...found,
    status: 'unknown',
    detail: `${found.detail} from inside of the cluster; from this ${run.view}: ${words(first)}`,
  };
}

/** Reads back what was uploaded, and says who else can. */
async function judge(
  context: ProbeContext,
  upload: Upload,
  { mediaId, url }: Place,
  put: HttpAnswer,
  access: Access,
  from: View,
): Promise<Finding> {
  if (put.status !== 200)
    return { status: 'fail', detail: `an upload to ${url.host} answers ${refusalText(put)}`, from };
  const missing = await readBack(context, upload, mediaId, access);
  if (missing !== null) return { status: 'fail', detail: missing, from };
  const detail = `uploaded to ${url.host} and read back`;
  const placement = context.run.deployment?.stores.mediaBucket?.placement ?? { kind: 'external' };
  if (reachOf(url.hostname, placement) !== 'inside') return { status: 'ok', detail, from };
  const used = await mediaInUse(context.run.stations.postgres);
  const outside = `${detail}, which only pods can: browsers and SDKs outside of the cluster do not know ${url.hostname}`;
  return { status: 'fail', detail: `${outside}; ${useText(used, 'media')}`, from, decides: used === true };
}

/** Null when the same bytes come back. */
async function readBack(
  { run }: ProbeContext,
  { bytes }: Upload,
  mediaId: string,
  access: Access,
): Promise<string | null> {
  const path = `${post.path}/${mediaId}`;
  const body = Buffer.from(
    JSON.stringify({ uploadedAt: run.options.now().toISOString(), uploadHttpStatus: 200 }),
  );
  const patched = await run.langfuse.sendWithKeys({ method: 'PATCH', path, headers: json, body });
  if (patched.status !== 200)
    return `PATCH ${post.path}/{id} answers ${patched.status}: ${patched.body.slice(0, 200)}`;
  const answer = await run.langfuse.getWithKeys(path);
  const { url } = fieldsOf(answer);
  if (typeof url !== 'string' || !URL.canParse(url))
    return `GET ${post.path}/{id} answers ${answer.status}: ${answer.body.slice(0, 200)}`;
  const file = await getMedia(run.options.openers.openLangfuse, access, new URL(url));
  if (file instanceof LfctlError) return `the upload cannot be read back: ${words(file)}`;
  return file.status === 200 && file.body === bytes.toString()
    ? null
    : `the upload cannot be read back: ${refusalText(file)}`;
}

/** A Service without a pod, or a name that is no Service, is Langfuse's own trouble; a way that ends in between is not. */
function nowhere(
  { url }: Place,
  first: LfctlError,
  second: LfctlError,
  view: Exclude<View, 'cluster'>,
): Finding {
  const isGone = second.code === 'LANGFUSE_REFUSED' || second.code === 'LANGFUSE_UNKNOWN_HOST';
  const other = first.message === second.message ? '' : `; inside of the cluster: ${words(second)}`;
  const detail = `no upload gets to ${url.host} from this ${view}: ${words(first)}${other}`;
  return { status: isGone ? 'fail' : 'unknown', detail, from: view };
}
