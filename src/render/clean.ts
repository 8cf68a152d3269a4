/**
 * Text from servers and logs, safe for a terminal: escape sequences and control characters go, line breaks and tabs
 * become spaces. A pod's log must not be able to move the cursor of the person who reads it.
 */
export function cleanText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- these are what must go
      .replaceAll(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g, '')
      .replaceAll(/\s+/g, ' ')
      // oxlint-disable-next-line no-control-regex -- these are what must go
      .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
      .trim()
  );
}
