import { escapeXml } from './escape-xml.js';

/** An element of XML that is written out: with text, or with elements in order. Where there is nothing to say it is null. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Element[];
}

/** An element of others; nulls among them are left out. */
export function element(name: string, ...children: readonly (Element | null | readonly Element[])[]): Element {
  return { name, attributes: {}, content: children.flat().filter((child) => child !== null) };
}

/** An element with text. */
export function textElement(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): Element {
  return { name, attributes, content: text };
}

/** An element with text, or null where there is none. */
export function optionalText(name: string, text: string | null): Element | null {
  return text === null || text === '' ? null : textElement(name, text);
}

/** A whole document in UTF-8 with the element as its root, two blanks a level. */
export function xmlDocument(root: Element, attributes: Readonly<Record<string, string>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write({ ...root, attributes }, '')}`;
}

function write({ name, attributes, content }: Element, indent: string): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `${indent}<${name}${given.join('')}>`;
  if (typeof content === 'string') return `${start}${escapeXml(content)}</${name}>\n`;
  return `${start}\n${content.map((child) => write(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}
