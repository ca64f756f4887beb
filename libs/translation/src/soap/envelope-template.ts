import type { Route } from '#domain';
import { type Binding, boundValue, parseBinding, placeOf } from '../binding.js';
import { rawText } from '../raw-json.js';
import type { RequestFault, RestRequest } from '../rest-request.js';
import { type XmlElement, XmlError, escapeXml, parseXml } from './xml.js';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly binding: Binding }
  /** An element that is nothing but a value: left out without one, and there as often as a list has values. */
  | { readonly kind: 'element'; readonly open: string; readonly binding: Binding; readonly close: string };

const PLACE = /<([A-Za-z_][\w.:-]*)(\s[^<>]*)?>\$\{([^{}]*)\}<\/\1\s*>|\$\{([^{}]*)\}/g;
/** Stands for a value while the template is checked. */
const MARK = 'tollgate-value';

/** An envelope with places for values. What is put there is text, whatever it is: it can end no element. */
export class EnvelopeTemplate {
  private constructor(private readonly parts: readonly Part[]) {}

  /** The template and its root element, or what is wrong with it. */
  static parse(
    text: string,
    route: Pick<Route, 'template'>,
  ): { readonly template: EnvelopeTemplate; readonly root: XmlElement } | string {
    const parts: Part[] = [];
    let copied = 0;
    for (const match of text.matchAll(PLACE)) {
      const [whole, name, attributes = '', inElement, alone] = match;
      const isElement = name !== undefined && !attributes.includes('${');
      const binding = parseBinding((inElement ?? alone)!, route);
      if (typeof binding === 'string') return binding;
      if (name !== undefined && !isElement)
        return `an element with a value in an attribute and one as its text cannot be read: ${whole}`;
      parts.push({ kind: 'text', text: text.slice(copied, match.index) });
      copied = match.index + whole.length;
      if (isElement) parts.push({ kind: 'element', open: `<${name}${attributes}>`, binding, close: `</${name}>` });
      else parts.push({ kind: 'value', binding });
    }
    parts.push({ kind: 'text', text: text.slice(copied) });
    const root = checkedRoot(parts);
    return typeof root === 'string' ? root : { template: new EnvelopeTemplate(parts), root };
  }

  get bindings(): readonly Binding[] {
    return this.parts.flatMap((part) => (part.kind === 'text' ? [] : [part.binding]));
  }

  /** The envelope for a request, or where the request does not fit. */
  render(request: RestRequest): string | readonly RequestFault[] {
    const faults: RequestFault[] = [];
    let text = '';
    for (const part of this.parts) {
      if (part.kind === 'text') {
        text += part.text;
        continue;
      }
      const value = boundValue(part.binding, request) ?? null;
      const values =
        value === null ? [] : part.kind === 'element' && Array.isArray(value) ? (value as unknown[]) : [value];
      for (const one of values) {
        const escaped = escapedValue(one);
        if (escaped === null) faults.push({ ...placeOf(part.binding), message: NOT_TEXT });
        else text += part.kind === 'element' ? part.open + escaped + part.close : escaped;
      }
    }
    return faults.length > 0 ? faults : text;
  }
}

const NOT_TEXT = 'expected a text, a number, true or false, without characters that XML cannot have';

function escapedValue(value: unknown): string | null {
  const raw = rawText(value);
  if (raw !== null) return raw;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? escapeXml(value) : null;
}

/** The root of the envelope with marks for its values, or what is wrong: values may be in texts and attribute values only. */
function checkedRoot(parts: readonly Part[]): XmlElement | string {
  const text = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    return part.kind === 'value' ? MARK : part.open + MARK + part.close;
  });
  let hidden = 0;
  let root: XmlElement;
  try {
    root = parseXml(text.join(''), { onOther: (other) => void (hidden += count(other)) });
  } catch (error) {
    if (error instanceof XmlError) return `the envelope is not well-formed: ${error.message}`;
    throw error;
  }
  const values = parts.filter(({ kind }) => kind !== 'text').length;
  return countIn(root) - hidden === values && hidden === 0 ? root : 'values can be in texts and attribute values only';
}

function countIn({ attributes, children, text }: XmlElement): number {
  let found = count(text);
  for (const { value } of attributes) found += count(value);
  for (const child of children) found += countIn(child);
  return found;
}

function count(text: string): number {
  return text.split(MARK).length - 1;
}
