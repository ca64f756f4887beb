/** One hop of a `Forwarded` field (RFC 7239): parameter names in lower case, values without their quotes. */
export type ForwardedElement = ReadonlyMap<string, string>;

const PAIR =
  /[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z:[\]-]+)|"((?:[^"\\]|\\.)*)")[ \t]*([;,]|$)/y;

/**
 * The elements of a `Forwarded` field, the nearest hop last. What cannot be read ends the list on its left: nothing
 * before it is known to be whose.
 */
export function parseForwarded(value: string): readonly ForwardedElement[] {
  let elements: Map<string, string>[] = [];
  let element = new Map<string, string>();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < value.length) {
    const at = PAIR.lastIndex;
    const match = PAIR.exec(value);
    if (!match) {
      const next = value.indexOf(',', at);
      elements = [];
      element = new Map();
      if (next === -1) return [];
      PAIR.lastIndex = next + 1;
      continue;
    }
    const [, name, token, quoted, end] = match;
    element.set(name!.toLowerCase(), token ?? quoted!.replaceAll(/\\(.)/g, '$1'));
    if (end === ';') continue;
    elements.push(element);
    element = new Map();
  }
  return elements;
}
