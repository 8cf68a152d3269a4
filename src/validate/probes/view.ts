import type { Run } from '../start.ts';
import type { View } from './probe.ts';

/** Whose view the run's own requests take: a URL that was given is reached from here, the Service through the cluster. */
export function viewOfRun({ view, options }: Pick<Run, 'view' | 'options'>): View {
  return options.settings.url !== null || view === 'pod' ? view : 'cluster';
}
