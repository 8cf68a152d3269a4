/** Characters that XML 1.0 has no way to say. */
// oxlint-disable-next-line no-control-regex -- these are what must go
const notXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Text for an element or an attribute. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(notXml, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Times as JUnit has them. */
export const xmlSeconds = (ms: number): string => (ms / 1000).toFixed(3);
