import { join } from 'node:path';
import type { KubeObject } from '../../ports/kube-objects.ts';
import type { SandboxNames } from '../fault.ts';
import type { PastRelease } from './helm-history.ts';
import { historySecrets } from './helm-history.ts';
import { helmMarks } from './helm-release.ts';
import type { Layout, LayoutInput, LayoutObject } from './layout.ts';
import type { Values } from './manifests.ts';
import type { Around } from './surroundings.ts';
import { readManifests, readYaml } from './manifests.ts';

/** A revision of the release; without a tag the chart's own one runs. */
export interface ChartRevision {
  readonly chartVersion: string;
  readonly appVersion: string;
  readonly tag: string | null;
}

/** What a layout with Helm differs in; files are named without their folder and `.yaml`. */
export interface HelmLayout {
  /** Folder of its templates. */
  readonly folder: string;
  readonly names: SandboxNames & { readonly release: string };
  readonly publicHost: string;
  readonly front: Layout['front'];
  /** Beside what all layouts have. */
  readonly values: Values;
  /** The last one is what runs. */
  readonly revisions: readonly ChartRevision[];
  readonly around: Around;
  /** What the operators made before they installed the chart. */
  readonly beside: readonly string[];
  readonly stores: readonly string[];
  readonly web: readonly string[];
  readonly worker: readonly string[];
  /** What comes with a stage and is not the chart's: made by other operators of the cluster, or by people. */
  readonly made?: { readonly [Stage in 'stores' | 'web' | 'worker']: readonly string[] };
}

/** An installation by Helm: stores first, then web, and the worker when web has migrated the databases. */
export async function helmLayout(input: LayoutInput, layout: HelmLayout): Promise<Layout> {
  const { names, revisions } = layout;
  const values = { ...input.secrets, LANGFUSE_VERSION: input.version, ...layout.values };
  const folder = join(input.templatesFolder, layout.folder);
  const read = async (files: readonly string[]): Promise<LayoutObject[]> => {
    const all = await Promise.all(files.map((file) => readManifests(join(folder, `${file}.yaml`), values)));
    return all.flat();
  };
  const last = revisions.at(-1);
  const chart = {
    name: 'langfuse',
    version: last?.chartVersion ?? '',
    appVersion: last?.appVersion ?? input.version,
  };
  const marks = { release: names.release, namespace: names.namespace, chart };
  const rendered = async (files: readonly string[]): Promise<LayoutObject[]> =>
    (await read(files)).map(({ resource, object }) => ({ resource, object: helmMarks(marks, object) }));

  const [beside, stores, web, worker] = await Promise.all([
    read(layout.beside),
    rendered(layout.stores),
    rendered(layout.web),
    rendered(layout.worker),
  ]);
  const { made = { stores: [], web: [], worker: [] } } = layout;
  const others = {
    stores: await read(made.stores),
    web: await read(made.web),
    worker: await read(made.worker),
  };
  const objects = [...stores, ...web, ...worker].map(({ object }) => object);
  const history = await releases(input, layout, values, objects);
  return {
    names,
    publicHost: layout.publicHost,
    front: layout.front,
    stages: [
      {
        name: 'stores',
        after: 'nothing',
        objects: [...layout.around.before, ...beside, ...stores, ...others.stores],
      },
      { name: 'web', after: 'stores-ready', objects: [...web, ...others.web, ...history] },
      { name: 'worker', after: 'migrated', objects: [...worker, ...others.worker] },
      layout.around.liteLlm,
    ],
  };
}

async function releases(
  { templatesFolder, now }: LayoutInput,
  { folder, names, revisions }: HelmLayout,
  values: Values,
  objects: readonly KubeObject[],
): Promise<LayoutObject[]> {
  const file = join(templatesFolder, folder, 'values.yaml');
  const past = revisions.map(async ({ chartVersion, appVersion, tag }): Promise<PastRelease> => ({
    chartVersion,
    appVersion,
    tag: tag ?? appVersion,
    values: await readYaml(file, { ...values, IMAGE_TAG: tag }),
  }));
  const { release, namespace } = names;
  return historySecrets({
    release,
    namespace,
    chart: 'langfuse',
    past: await Promise.all(past),
    objects,
    now,
  });
}
