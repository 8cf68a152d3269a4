import type { CommandEnd, DuringReport } from '../../validate/during/report.ts';
import type {
  HopReport,
  NegativeReport,
  ProbeReport,
  ValidateReport,
  WayReport,
} from '../../validate/report.ts';
import { escapeXml, xmlSeconds } from '../xml.ts';

/** One case of a suite; `body` is the element that says what is wrong, or empty. */
interface Case {
  readonly name: string;
  readonly ms: number;
  readonly status: HopReport['status'];
  readonly said: string;
}

/** JUnit XML: each way is a suite with a case for each hop; what must be refused is a suite of its own. */
export function validateJunit(report: ValidateReport): string {
  const whole = { way: report.during === null ? 'json' : 'all ways', hops: report.hops };
  const ways = report.ways.length > 0 ? report.ways : [whole];
  const suites = [
    ...ways.map(({ way, hops }) => ({ name: way, cases: hops.map(hopCase) })),
    ...(report.negative.length > 0
      ? [{ name: 'must be refused', cases: report.negative.map(negativeCase) }]
      : []),
    ...(report.during === null ? [] : [{ name: 'during', cases: duringCases(report.during) }]),
    ...(report.probes.length > 0 ? [{ name: 'probes', cases: report.probes.map(probeCase) }] : []),
  ];
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lfctl validate" ${countsText(all)} time="${xmlSeconds(report.ms)}">`,
    ...suites.map(({ name, cases }) =>
      [
        `  <testsuite name="${escapeXml(name)}" ${countsText(cases)}>`,
        ...cases.map((one) => caseText(name, one)),
        '  </testsuite>',
      ].join('\n'),
    ),
    '</testsuites>\n',
  ].join('\n');
}

/** What a change must not do to canaries, and its command. */
function duringCases(during: DuringReport): Case[] {
  const { ms, sent, notAccepted, accepted, lost, unknown, unknownReason, command } = during;
  const caseOf = (name: string, status: Case['status'], said: string): Case => ({ name, ms, status, said });
  return [
    caseOf('accepted', notAccepted > 0 ? 'fail' : 'ok', `${notAccepted} of ${sent} were not accepted`),
    lost === 0 && unknown > 0
      ? caseOf('arrived', 'unknown', `${unknown} of ${accepted} are not known of: ${unknownReason ?? ''}`)
      : caseOf('arrived', lost > 0 ? 'fail' : 'ok', `${lost} of ${accepted} are lost`),
    ...(command === null
      ? []
      : [
          {
            ...caseOf('command', command.exitCode === 0 ? 'ok' : 'fail', endText(command)),
            ms: command.ms,
          },
        ]),
  ];
}

const endText = ({ program, exitCode, ended }: CommandEnd): string =>
  `${program}: ${exitCode === null ? (ended ?? 'ended') : `exit ${exitCode}`}`;

/** A hop that is not required passes unless it failed. */
const hopCase = ({ hop, status, required, ms, detail }: WayReport['hops'][number]): Case => ({
  name: hop,
  ms,
  status: status === 'unknown' && !required ? 'skipped' : status,
  said: detail ?? '',
});

const negativeCase = ({ case: name, status, expected, observed }: NegativeReport): Case => ({
  name,
  ms: 0,
  status,
  said: `expected ${expected}, observed ${observed}`,
});

/** What does not decide cannot fail a pipeline. */
const probeCase = ({ id, ms, status, decides, detail }: ProbeReport): Case => ({
  name: id,
  ms,
  status: decides || status === 'ok' ? openIfSkipped(status, decides) : 'skipped',
  said: detail,
});

/** A probe that is required and was left out is an error, as in the verdict. */
const openIfSkipped = (status: ProbeReport['status'], decides: boolean): Case['status'] =>
  decides && status === 'skipped' ? 'unknown' : status;

function countsText(cases: readonly Case[]): string {
  const count = (status: Case['status']): number => cases.filter((one) => one.status === status).length;
  return `tests="${cases.length}" failures="${count('fail')}" errors="${count('unknown')}" skipped="${count('skipped')}"`;
}

function caseText(suite: string, { name, ms, status, said }: Case): string {
  const open = `    <testcase classname="lfctl.validate.${escapeXml(suite)}" name="${escapeXml(name)}" time="${xmlSeconds(ms)}"`;
  if (status === 'ok') return `${open}/>`;
  const element = { fail: 'failure', unknown: 'error', skipped: 'skipped' }[status];
  return `${open}>\n      <${element} message="${escapeXml(said)}"/>\n    </testcase>`;
}
