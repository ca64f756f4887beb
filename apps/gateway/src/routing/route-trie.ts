import { type TemplateSegment, matchesPattern, templateSegments } from './path-segment.js';

interface PatternChild<Value> {
  readonly texts: readonly string[];
  readonly node: TrieNode<Value>;
}

interface TrieNode<Value> {
  readonly literals: Map<string, TrieNode<Value>>;
  /** Those with the most literal text first. */
  readonly patterns: PatternChild<Value>[];
  value: Value | null;
}

/**
 * Finds the path template that a path matches. As OpenAPI says, literal text wins over parameters, segment by segment
 * from the left. The number of templates does not matter for the time it takes.
 */
export class RouteTrie<Value> {
  private readonly root: TrieNode<Value> = emptyNode();

  /** The value at a template; `create` makes one when it is new. */
  at(template: string, create: () => Value): Value {
    let node = this.root;
    for (const segment of templateSegments(template)) node = childFor(node, segment);
    node.value ??= create();
    return node.value;
  }

  /**
   * The value of the template that a canonical path matches; null when none does. The path's first segment begins at
   * `start`, so that a prefix need not be cut off.
   */
  find(path: string, start = 1): Value | null {
    return findFrom(this.root, path, start);
  }
}

function findFrom<Value>(node: TrieNode<Value>, path: string, start: number): Value | null {
  const slash = path.indexOf('/', start);
  const isLast = slash === -1;
  const segment = isLast ? path.slice(start) : path.slice(start, slash);
  const literal = node.literals.get(segment);
  if (literal) {
    const value = isLast ? literal.value : findFrom(literal, path, slash + 1);
    if (value !== null) return value;
  }
  for (const { texts, node: child } of node.patterns) {
    if (!matchesPattern(segment, texts)) continue;
    const value = isLast ? child.value : findFrom(child, path, slash + 1);
    if (value !== null) return value;
  }
  return null;
}

function childFor<Value>(node: TrieNode<Value>, segment: TemplateSegment): TrieNode<Value> {
  switch (segment.kind) {
    case 'literal': {
      const known = node.literals.get(segment.text);
      if (known) return known;
      const child = emptyNode<Value>();
      node.literals.set(segment.text, child);
      return child;
    }
    case 'pattern': {
      const known = node.patterns.find(({ texts }) => texts.join('{') === segment.texts.join('{'));
      if (known) return known.node;
      const child = emptyNode<Value>();
      node.patterns.push({ texts: segment.texts, node: child });
      node.patterns.sort((left, right) => right.texts.join('').length - left.texts.join('').length);
      return child;
    }
  }
}

function emptyNode<Value>(): TrieNode<Value> {
  return { literals: new Map(), patterns: [], value: null };
}
