/** Text that stays text in Markdown, in tables too. */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`);
