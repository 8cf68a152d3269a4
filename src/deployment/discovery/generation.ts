import { generationOf, imageName } from '../image.ts';
import { modeOf, writeModeOf } from '../mode.ts';
import type { Component, Confidence, Generation, Mode, Reason, WriteMode } from '../model.ts';
import type { Found } from './components.ts';

/** Which Langfuse this is, as far as its objects tell. The running server's own word comes later, as a fact. */
export interface Era {
  readonly generation: Generation | null;
  readonly mode: Mode | null;
  readonly writeMode: WriteMode | null;
  readonly reasons: readonly Reason[];
}

interface Told {
  readonly generation: Generation | null;
  readonly confidence: Confidence;
  readonly because: string;
}

export function eraOf(web: Found, members: readonly Found[]): Era {
  const told = byImage(web, members) ?? byShape(members, web);
  const { mode: writeMode, because } = writeModeOf(web.component.env);
  const { generation, confidence } = told;
  const about: Reason = {
    about: 'generation',
    finding: generation === null ? 'generation not known' : `generation ${generation}`,
    confidence,
    because: told.because,
  };
  const mode = modeOf(generation, writeMode);
  if (generation !== 4) return { generation, mode, writeMode, reasons: [about] };
  return { generation, mode, writeMode, reasons: [about, modeReason(mode, because, members)] };
}

function modeReason(mode: Mode | null, because: string, members: readonly Found[]): Reason {
  const finding = mode === null ? 'mode not known' : `mode ${mode}`;
  const other = members.find(({ component }) => mode !== null && writeModeOf(component.env).mode !== mode);
  if (other === undefined)
    return { about: 'mode', finding, confidence: mode === null ? 'guess' : 'certain', because };
  const { name } = other.component.workload;
  const theirs = writeModeOf(other.component.env).because;
  return { about: 'mode', finding, confidence: 'likely', because: `${because}; but on ${name}: ${theirs}` };
}

function byImage(web: Found, members: readonly Found[]): Told | null {
  for (const { component } of [web, ...members]) {
    const { imageVersion, workload } = component;
    const generation = generationOf(imageVersion);
    if (generation === null) continue;
    const own = component === web.component;
    const newer = Number.parseInt(imageVersion ?? '', 10) > 4;
    const floating = imageVersion?.includes('.') === true ? '' : ', which floats';
    const named = `tag ${imageVersion ?? ''} of ${own ? 'the image' : `${workload.name}'s image`}${floating}`;
    const because = newer ? `${named}; newer than any that lfctl knows` : named;
    return { generation, confidence: own && !newer ? 'certain' : 'likely', because };
  }
  return null;
}

/**
 * Where no tag names a version: a worker, ClickHouse's variables or the tag `latest` rule out 2; 3 and 4 cannot be
 * told apart here. A chart's version label is no witness: it is the chart's own appVersion, whatever image is set.
 */
function byShape(members: readonly Found[], web: Found): Told {
  const components = members.map((member) => member.component);
  const label = web.workload.metadata.labels?.['app.kubernetes.io/version'];
  const hint = label === undefined ? '' : ` (the label app.kubernetes.io/version, ${label}, is the chart's)`;
  const told = (generation: Generation | null, because: string): Told => ({
    generation,
    confidence: 'guess',
    because: `no image names a version; ${because}${hint}`,
  });
  const beyond = components.map(beyondTwo).find((clue) => clue !== null);
  if (beyond !== undefined) return told(null, `3 or later, by ${beyond}`);
  const whole = components.every(({ env }) => env.unreadable.length === 0);
  return whole ? told(2, 'no worker and no CLICKHOUSE_URL') : told(null, 'not all variables can be read');
}

function beyondTwo({ role, workload, env, image }: Component): string | null {
  if (role === 'worker') return `the worker ${workload.name}`;
  if (env.variables.has('CLICKHOUSE_URL')) return `CLICKHOUSE_URL of ${workload.name}`;
  const latest = imageName(image) !== null && /(^|\/)[^:@/]*(:latest)?$/.test(image);
  return latest ? 'the tag latest, which 2 has long left' : null;
}
