import { canonicalPath } from './canonical-path.js';

/**
 * A segment of a path template. A literal is in canonical form; a pattern holds the literal text around its parameters,
 * so `{name}.json` is `['', '.json']` and a bare `{name}` is `['', '']`.
 */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'pattern'; readonly texts: readonly string[] };

/** A parameter in a segment of a template. */
export const PARAMETER = /\{[^{}]*\}/;

/** The segments of a template such as `/things/{id}`. */
export function templateSegments(template: string): readonly TemplateSegment[] {
  return template
    .slice(1)
    .split('/')
    .map((segment): TemplateSegment => {
      const texts = segment.split(PARAMETER).map(canonicalText);
      return texts.length === 1 ? { kind: 'literal', text: texts[0]! } : { kind: 'pattern', texts };
    });
}

/** True when the segment has the texts of a pattern in their order, with at least one character for each parameter. */
export function matchesPattern(segment: string, texts: readonly string[]): boolean {
  const first = texts[0]!;
  const last = texts.at(-1)!;
  const end = segment.length - last.length;
  if (!segment.startsWith(first) || !segment.endsWith(last)) return false;
  let at = first.length;
  for (const text of texts.slice(1, -1)) {
    const found = segment.indexOf(text, at + 1);
    if (found === -1) return false;
    at = found + text.length;
  }
  return end > at;
}

/** The literal text of a template as it appears in a canonical path; the letter before it keeps "." from being a dot segment. */
function canonicalText(text: string): string {
  const path = canonicalPath(`/x${encodeURI(text).replaceAll('%25', '%')}`);
  return path === null ? text : path.slice(2);
}
