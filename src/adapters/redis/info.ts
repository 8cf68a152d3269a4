/** INFO's text as a record: `name:value` lines; `#` lines name sections. */
export function parseInfo(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return Object.fromEntries(pairs);
}
