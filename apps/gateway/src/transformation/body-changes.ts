import { type BodyChanges as BodyChangesDefinition, bodyPointerOf, parseJsonPointer } from '#domain';
import { ValueTemplate, type Variables } from './variables.js';

type Tokens = readonly string[];
type Fill = (body: unknown, variables: Variables) => unknown;

/** Changes of a JSON body, made once for each operation. */
export class BodyChanges {
  private readonly removed: readonly Tokens[];
  private readonly renamed: readonly { readonly from: Tokens; readonly to: Tokens }[];
  private readonly set: readonly { readonly at: Tokens; readonly fill: Fill }[];
  private readonly template: Fill | null;

  constructor({ remove = [], rename = [], set = {}, template }: BodyChangesDefinition) {
    this.removed = remove.map(tokensOf);
    this.renamed = rename.map(({ from, to }) => ({ from: tokensOf(from), to: tokensOf(to) }));
    this.set = Object.entries(set)
      .map(([pointer, value]) => ({ at: tokensOf(pointer), fill: filler(value) }))
      .toSorted((one, other) => one.at.length - other.at.length);
    this.template = template === undefined ? null : filler(template);
  }

  /**
   * Changes `body` itself, and returns what is to be sent. What fields are set to is of the body as it is before any of them
   * is set, so that their order says nothing; of two of which one is within the other, the inner one is set last.
   */
  applyTo(body: unknown, variables: Variables): unknown {
    for (const tokens of this.removed) takeAt(body, tokens);
    for (const { from, to } of this.renamed) {
      const value = takeAt(body, from);
      if (value !== undefined) putAt(body, to, value);
    }
    const values = this.set.map(({ fill }) => copyOf(fill(body, variables)));
    for (const [index, { at }] of this.set.entries()) putAt(body, at, values[index]);
    return this.template === null ? body : (this.template(body, variables) ?? null);
  }
}

function tokensOf(pointer: string): Tokens {
  const tokens = parseJsonPointer(pointer);
  if (typeof tokens === 'string') throw new TypeError(tokens);
  return tokens;
}

/** Makes a value out of a template. A member whose text names what the body does not have is left out. */
function filler(template: unknown): Fill {
  if (typeof template === 'string') {
    const pointer = bodyPointerOf(template);
    if (pointer !== null) {
      const tokens = tokensOf(pointer);
      return (body) => valueAt(body, tokens);
    }
    const text = new ValueTemplate(template);
    return (_body, variables) => text.render(variables, 'decoded');
  }
  if (Array.isArray(template)) {
    const fills = template.map(filler);
    return (body, variables) => fills.map((fill) => fill(body, variables) ?? null);
  }
  if (typeof template === 'object' && template !== null) {
    const fills = Object.entries(template).map(([name, value]) => [name, filler(value)] as const);
    return (body, variables) => Object.fromEntries(fills.map(([name, fill]) => [name, fill(body, variables)]));
  }
  return () => template;
}

type Container = Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
}

/** Of its own: what is set elsewhere does not change it, and a body may be set within itself. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}

function valueAt(root: unknown, tokens: Tokens): unknown {
  let value = root;
  for (const token of tokens) {
    if (!isContainer(value) || !Object.hasOwn(value, token)) return undefined;
    value = value[token];
  }
  return value;
}

/** Removes what is there and returns it; `undefined` when nothing is. */
function takeAt(root: unknown, tokens: Tokens): unknown {
  const parent = valueAt(root, tokens.slice(0, -1));
  const last = tokens.at(-1)!;
  if (!isContainer(parent) || !Object.hasOwn(parent, last)) return undefined;
  if (Array.isArray(parent)) return isIndex(last) ? (parent.splice(Number(last), 1) as unknown[])[0] : undefined;
  const value = parent[last];
  delete parent[last];
  return value;
}

/** Puts a value there; objects on the way are made, and a list takes it at an index that it has or, for "-", at its end. */
function putAt(root: unknown, tokens: Tokens, value: unknown): void {
  let parent = root;
  for (const token of tokens.slice(0, -1)) {
    if (!isContainer(parent)) return;
    if (!Object.hasOwn(parent, token)) {
      if (Array.isArray(parent)) return;
      parent[token] = {};
    }
    parent = parent[token];
  }
  const last = tokens.at(-1)!;
  if (!isContainer(parent)) return;
  if (!Array.isArray(parent)) parent[last] = value;
  else if (last === '-') parent.push(value);
  else if (isIndex(last) && Number(last) < parent.length) parent[Number(last)] = value;
}

function isIndex(token: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(token);
}
