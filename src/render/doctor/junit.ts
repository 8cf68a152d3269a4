import type { CheckResult, DoctorReport } from '../../doctor/report.ts';
import { escapeXml, xmlSeconds } from '../xml.ts';

/**
 * JUnit XML: an area is a suite, a check is a case. What fails the run is a failure, what could not be judged is an
 * error; a warning that leaves the verdict healthy passes with its words in system-out.
 */
export function renderDoctorJunit(report: DoctorReport): string {
  const areas = [...new Set(report.checks.map((check) => check.area))];
  const strict = report.verdict === 'findings' && !report.checks.some(isGrave);
  const suites = areas.map((area) => suiteText(area, report, strict));
  const total = countsOf(report.checks, strict);
  const attributes = `tests="${String(report.checks.length)}" failures="${String(total.failures)}" errors="${String(total.errors)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lfctl doctor" ${attributes} time="${xmlSeconds(report.ms)}">`,
    ...suites,
    '</testsuites>\n',
  ].join('\n');
}

const isGrave = (check: CheckResult): boolean =>
  check.status === 'fail' && (check.severity === 'critical' || check.severity === 'error');

const isUnjudged = (check: CheckResult): boolean => check.status === 'unknown' || check.status === 'blocked';

const isFailure = (check: CheckResult, strict: boolean): boolean =>
  check.status === 'fail' && (strict || isGrave(check));

function countsOf(
  checks: readonly CheckResult[],
  strict: boolean,
): Readonly<Record<'failures' | 'errors' | 'skipped', number>> {
  return {
    failures: checks.filter((check) => isFailure(check, strict)).length,
    errors: checks.filter(isUnjudged).length,
    skipped: checks.filter(isSkipped).length,
  };
}

const isSkipped = (check: CheckResult): boolean => check.status === 'skipped' || check.status === 'muted';

function suiteText(area: string, report: DoctorReport, strict: boolean): string {
  const checks = report.checks.filter((check) => check.area === area);
  const { failures, errors, skipped } = countsOf(checks, strict);
  const attributes = `tests="${String(checks.length)}" failures="${String(failures)}" errors="${String(errors)}" skipped="${String(skipped)}"`;
  const cases = checks.map((check) => caseText(check, report, strict));
  return [`  <testsuite name="${escapeXml(area)}" ${attributes}>`, ...cases, '  </testsuite>'].join('\n');
}

function caseText(check: CheckResult, report: DoctorReport, strict: boolean): string {
  const open = `    <testcase classname="lfctl.${escapeXml(check.area)}" name="${escapeXml(`${check.id}: ${check.title}`)}" time="${xmlSeconds(check.ms)}"`;
  const body = bodyText(check, report, strict);
  return body === '' ? `${open}/>` : `${open}>\n      ${body}\n    </testcase>`;
}

function bodyText(check: CheckResult, report: DoctorReport, strict: boolean): string {
  const said = escapeXml(check.detail ?? check.reason ?? check.title);
  if (isSkipped(check)) return `<skipped message="${said}"/>`;
  if (isUnjudged(check)) {
    const message = check.blockedBy === undefined ? said : `blocked by ${escapeXml(check.blockedBy)}`;
    return `<error type="${check.status}" message="${message}"/>`;
  }
  if (check.status !== 'fail') return '';
  const long = escapeXml(proof(check, report));
  if (isFailure(check, strict))
    return `<failure type="${check.severity}" message="${said}">${long}</failure>`;
  return `<system-out>${check.severity}: ${said}\n${long}</system-out>`;
}

function proof(check: CheckResult, { causes }: DoctorReport): string {
  const own = causes.find((cause) => cause.id === check.id);
  const above = causes.find((cause) => cause.explains.includes(check.id));
  if (own === undefined) return above === undefined ? '' : `a consequence of ${above.id}`;
  return [
    ...own.evidence.map(
      (seen) => `${seen.source}: ${seen.observed} (should be: ${seen.expected})\n  ${seen.again}`,
    ),
    ...own.fix.map((fix) => `fix: ${fix.text}${fix.command === undefined ? '' : `\n  ${fix.command}`}`),
  ].join('\n');
}
