import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
const lists = new Set(['Object', 'Part', 'Tag', 'Rule']);
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => lists.has(name),
});

/** An element with elements inside. */
export function tag(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** An element with text inside. */
export function text(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** A whole document whose root is in S3's namespace. */
export function documentOf(root: string, ...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${children.join('')}</${root}>`;
}

function escapeXml(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters in keys are legal in S3 and must be escaped in XML
  return value.replace(/[&<>"\u0000-\u001f]/g, (found) => entities[found] ?? `&#${found.charCodeAt(0)};`);
}

/** By name where there is one: minio's client leaves numbers as they are. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Elements by name; text where an element holds only text. */
export interface XmlElement {
  readonly [name: string]: XmlElement | readonly XmlElement[] | string | undefined;
}

/** The root element's content. @throws S3Error MalformedXML */
export function parseXml(body: string, root: string): XmlElement {
  if (XMLValidator.validate(body) !== true) throw new S3Error('MalformedXML');
  const parsed: unknown = parser.parse(body);
  const content = isElement(parsed) ? parsed[root] : undefined;
  if (content === '') return {};
  if (!isElement(content)) throw new S3Error('MalformedXML');
  return content;
}

/** Text of a child, or undefined. */
export function textOf(element: XmlElement, name: string): string | undefined {
  const value = element[name];
  return typeof value === 'string' ? value.trim() : undefined;
}

/** Text of a child as it stands: keys may begin and end with spaces. */
export function exactText(element: XmlElement, name: string): string | undefined {
  const value = element[name];
  return typeof value === 'string' ? value : undefined;
}

/** A child element; empty when it is not there. */
export function childOf(element: XmlElement, name: string): XmlElement {
  const value = element[name];
  return isElement(value) ? value : {};
}

/** Children of one name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  const value = element[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
