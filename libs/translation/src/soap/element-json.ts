import type { SoapOperationPolicy } from '#domain';
import type { XmlElement } from './xml.js';

const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

type Types = Pick<SoapOperationPolicy, 'lists' | 'numbers' | 'booleans'>;

/**
 * An element as JSON: its text, where it has no more than that; else an object with its children by name, attributes as "@name" and
 * text beside children as "#text". What is there more than once is a list; xsi:nil is null. Prefixes do not matter.
 */
export function elementJson(element: XmlElement, types: Types, path = ''): unknown {
  const attributes = element.attributes.filter(({ uri }) => uri !== INSTANCE);
  if (
    element.attributes.some(({ name, uri, value }) => uri === INSTANCE && name === 'nil' && /^(?:true|1)$/.test(value))
  )
    return null;
  if (element.children.length === 0 && attributes.length === 0) return typed(element.text, path, types);
  const members = new Map<string, unknown>(attributes.map(({ name, value }) => [`@${name}`, value]));
  const byName = Map.groupBy(element.children, ({ name }) => name);
  for (const [name, children] of byName) {
    const place = path === '' ? name : `${path}/${name}`;
    const values = children.map((child) => elementJson(child, types, place));
    members.set(name, values.length > 1 || types.lists.includes(place) ? values : values[0]);
  }
  const text = element.text.trim();
  if (text !== '') members.set('#text', typed(text, path, types));
  return Object.fromEntries(members);
}

/** A number keeps its digits; what is not of its type stays text. */
function typed(text: string, path: string, { numbers, booleans }: Types): unknown {
  const value = text.trim();
  if (numbers.includes(path) && NUMBER.test(value)) return JSON.rawJSON(value);
  if (booleans.includes(path) && /^(?:true|false|1|0)$/.test(value)) return value === 'true' || value === '1';
  return text;
}
