import { PARAMETER, matchesPattern, templateSegments } from './path-segment.js';

interface ParameterSegment {
  /** Which segment of the path, from 0. */
  readonly index: number;
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/** Takes the values of a path template's parameters from a path that it matches. Made once for each template. */
export class PathParameters {
  private readonly segments: readonly ParameterSegment[];

  constructor(template: string) {
    const texts = template.slice(1).split('/');
    this.segments = templateSegments(template).flatMap((segment, index): ParameterSegment[] => {
      if (segment.kind === 'literal') return [];
      const names = [...texts[index]!.matchAll(new RegExp(PARAMETER, 'g'))].map(([text]) => text.slice(1, -1));
      return [{ index, texts: segment.texts, names }];
    });
  }

  /** By name, as they are in the canonical path: percent-encoded. The path is relative to the version's base path. */
  valuesIn(path: string): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    const segments = path.slice(1).split('/');
    for (const { index, texts, names } of this.segments) {
      const segment = segments[index] ?? '';
      if (!matchesPattern(segment, texts)) continue;
      let at = texts[0]!.length;
      for (const [position, name] of names.entries()) {
        const next = texts[position + 1]!;
        const isLast = position === names.length - 1;
        const end = isLast ? segment.length - next.length : segment.indexOf(next, at + 1);
        values.set(name, segment.slice(at, end));
        at = end + next.length;
      }
    }
    return values;
  }
}
