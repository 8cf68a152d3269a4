import type { DuringReport } from '../../validate/during/report.ts';
import type { Residue, ValidateReport } from '../../validate/report.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** The text exposition format, for the textfile collector or a Pushgateway (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function validatePrometheus(report: ValidateReport): string {
  const { verdict, langfuse, ms, negative, probes, residue, during } = report;
  const info = { version: langfuse.version ?? '', mode: langfuse.mode ?? '', verdict };
  return [
    family('info', 'The Langfuse that was looked at, and the verdict.', [[info, 1]]),
    family('success', 'Whether all that is required was seen.', [[{}, verdict === 'ok' ? 1 : 0]]),
    family('duration_seconds', 'Time to the verdict.', [[{}, ms / 1000]]),
    hopFamilies(report),
    family(
      'negative_status',
      'Requests that must be refused, with what was found.',
      negative.map(({ case: name, status }) => [{ case: name, status }, 1]),
    ),
    family(
      'probe_status',
      'What users need beside traces, with what was found.',
      probes.map(({ id, status, decides }) => [{ probe: id, status, decides: String(decides) }, 1]),
    ),
    residue === null ? '' : residueFamilies(residue),
    during === null ? '' : duringFamilies(during),
  ].join('');
}

function hopFamilies({ ways, hops }: ValidateReport): string {
  const all = ways.length > 0 ? ways : [{ way: 'all', hops }];
  const each = all.flatMap(({ way, hops: own }) => own.map((hop) => ({ way, ...hop })));
  return [
    family(
      'hop_status',
      'Hops of a canary, with what was found.',
      each.map(({ way, hop, status, required }) => [{ way, hop, status, required: String(required) }, 1]),
    ),
    family(
      'hop_seconds',
      'Time from sending to the first sight.',
      each.filter(({ status }) => status === 'ok').map(({ way, hop, ms }) => [{ way, hop }, ms / 1000]),
    ),
  ].join('');
}

const residueFamilies = ({ byStore, unknown }: Residue): string =>
  [
    family(
      'residue',
      'What is left of canaries after cleaning up.',
      Object.entries(byStore).map(([store, count]) => [{ store }, count]),
    ),
    family(
      'residue_unknown',
      'Stores of which it is not known what is left in them.',
      Object.keys(unknown).map((store) => [{ store }, 1]),
    ),
  ].join('');

function duringFamilies(during: DuringReport): string {
  const { command, hops, refusedRequests, longestGapMs } = during;
  const states = {
    sent: during.sent,
    late: during.late,
    accepted: during.accepted,
    not_accepted: during.notAccepted,
    arrived: during.arrived,
    lost: during.lost,
    unknown: during.unknown,
    duplicated: during.duplicated,
  };
  const quantiles = hops.flatMap(({ hop, p50Ms, p95Ms, p99Ms }): Sample[] => [
    [{ hop, quantile: '0.5' }, p50Ms / 1000],
    [{ hop, quantile: '0.95' }, p95Ms / 1000],
    [{ hop, quantile: '0.99' }, p99Ms / 1000],
  ]);
  return [
    family(
      'during_canaries',
      'What became of the canaries that were sent during a change.',
      Object.entries(states).map(([state, count]) => [{ state }, count]),
    ),
    family('during_refused_requests', 'Requests that were not taken, retries included.', [
      [{}, refusedRequests],
    ]),
    family('during_longest_gap_seconds', 'Longest time without a canary being accepted.', [
      [{}, longestGapMs / 1000],
    ]),
    family('during_latency_seconds', 'Time from when a canary was due to its hop.', quantiles),
    family(
      'during_command_exit_code',
      'Exit code of the command; absent when a signal ended it.',
      command?.exitCode == null ? [] : [[{ program: command.program }, command.exitCode]],
    ),
  ].join('');
}

/** All are gauges: each run is a look at one moment. Empty without samples. */
function family(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const full = `lfctl_validate_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelText(labels)} ${value}`);
  return [`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines, ''].join('\n');
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
