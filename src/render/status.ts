import type { TextStyle } from '../cli/command.ts';
import type { Status } from '../status/status.ts';
import { bytesText, millisecondsText } from './amounts.ts';
import { cleanText } from './clean.ts';
import { severityGlyph } from './glyphs.ts';
import { paint } from './paint.ts';
import { keyValueText, tableText, wrapPainted } from './table.ts';

/** One screen: what runs, where the data is, what waits, and the worst findings. */
export function statusText(status: Status, style: TextStyle): string {
  return [
    headText(status, style),
    componentsText(status, style),
    storesText(status, style),
    queuesText(status, style),
    findingsText(status, style),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headText(status: Status, style: TextStyle): string {
  const pairs: [string, string][] = [
    ['Langfuse', versionText(status)],
    ...(status.storage === null ? [] : [['data', status.storage] satisfies [string, string]]),
    ['owner', ownerText(status.owner)],
    ['public URL', status.publicUrl ?? 'unknown'],
    ['last backup', 'none known'],
  ];
  if (status.neighbours.length > 0) pairs.push(['neighbours', status.neighbours.join(', ')]);
  if (style.verbose) pairs.push(...sureness(status));
  for (const text of status.unknown) pairs.push(['unknown', text]);
  return keyValueText(
    pairs.map(([name, value]) => [name, cleanText(value)]),
    style,
  );
}

function versionText({ version, imageVersion, mode, judgedAs }: Status): string {
  const image = imageVersion !== null && imageVersion !== version ? `, image ${imageVersion}` : '';
  const later = judgedAs === null ? '' : `; later than ${judgedAs}, the newest that lfctl knows`;
  return `${version ?? 'unknown'}${image}${mode === null ? '' : ` (${mode})`}${later}`;
}

function ownerText(owner: Status['owner']): string {
  if (owner === null) return 'unknown';
  if (owner.kind === 'none') return 'plain manifests';
  return `${owner.kind} ${owner.name ?? ''}${owner.chart === null ? '' : `, chart ${owner.chart}`}`;
}

/** With -v: how sure discovery is of each thing, and by what. */
function sureness({ confidence, reasons }: Status): [string, string][] {
  if (confidence === null) return [];
  return [
    ['found', confidence],
    ...reasons.map((reason): [string, string] => [
      reason.about,
      `${reason.finding}, ${reason.confidence}: ${reason.because}`,
    ]),
  ];
}

function componentsText(status: Status, style: TextStyle): string {
  const rows = status.components.flatMap((component) => {
    const head = [
      component.role,
      component.workload,
      `${component.readyReplicas}/${component.desiredReplicas}`,
    ];
    if (component.pods.length === 0) return [[...head, 'no pods', '']];
    return component.pods.map((pod, index) => [
      ...(index === 0 ? head : ['', '', '']),
      pod.name,
      `${pod.ready ? 'ready' : pod.state}${pod.restarts > 0 ? `, ${pod.restarts} restarts` : ''}`,
    ]);
  });
  return tableText(['component', 'workload', 'ready', 'pod', 'state'], rows, style);
}

function storesText(status: Status, style: TextStyle): string {
  const rows = status.stores.map((store) => [
    store.version === null ? store.name : `${store.name} ${store.version}`,
    store.address ?? '',
    store.state,
    store.latencyMs === null ? '' : millisecondsText(store.latencyMs),
    store.sizeBytes === null ? '' : bytesText(store.sizeBytes),
  ]);
  return tableText(['store', 'address', 'state', 'latency', 'size'], rows, style);
}

function queuesText(status: Status, style: TextStyle): string {
  const busy = status.queues.filter(
    (queue) => queue.waiting + queue.active + queue.delayed + queue.failed > 0,
  );
  if (status.queues.length === 0) return '';
  if (busy.length === 0) return 'queues: empty\n';
  const rows = busy.map((queue) => [
    queue.name,
    ...[queue.waiting, queue.active, queue.delayed, queue.failed].map(String),
    queue.lateMs === null ? '' : millisecondsText(queue.lateMs),
  ]);
  return tableText(['queue', 'waiting', 'active', 'delayed', 'failed', 'late'], rows, style);
}

function findingsText(status: Status, style: TextStyle): string {
  const ink = paint(style.color);
  if (status.findings.length === 0)
    return status.verdict === 'healthy'
      ? `${ink.green('healthy')}\n`
      : 'not all could be read: lfctl doctor says what\n';
  const lines = status.findings.slice(0, 3).flatMap((finding) => {
    const text = `${finding.id}: ${cleanText(finding.detail)}`;
    const [first = '', ...rest] = wrapPainted(text, Math.max(style.columns - 2, 16));
    return [`${severityGlyph(finding.severity, style)} ${first}\n`, ...rest.map((line) => `  ${line}\n`)];
  });
  return `${lines.join('')}more with: lfctl doctor\n`;
}
