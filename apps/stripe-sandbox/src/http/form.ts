import { invalidRequest } from './stripe-fault.js';

/** A decoded form: leaves are strings, everything else is an object; arrays are objects with the keys 0, 1, 2 … */
export type FormNode = string | FormTree;
export interface FormTree {
  [key: string]: FormNode;
}

const maximumDepth = 16;

/**
 * Decodes `application/x-www-form-urlencoded` with brackets as Stripe's SDKs write it: `a[b]=1`, `a[0][b]=1`, `a[]=1`.
 * Trees have no prototype, so no key of a request can reach one.
 */
export function decodeForm(text: string): FormTree {
  const root = emptyTree();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    assign(root, segmentsOf(key), equals < 0 ? '' : decode(pair.slice(equals + 1)), key);
  }
  return root;
}

/** A JSON object as the form that says the same; null unsets, as an empty value does. */
export function decodeJson(text: string): FormTree {
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw invalidRequest('Invalid request: the body is not JSON.');
  }
  const tree = nodeOf(value, 0);
  if (typeof tree === 'string' || Array.isArray(value)) throw invalidRequest('Invalid request: the body is no object.');
  return tree;
}

function nodeOf(value: unknown, depth: number): FormNode {
  if (depth > maximumDepth) throw invalidRequest('Invalid request: the body is nested too deeply.');
  if (value === null) return '';
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const tree = emptyTree();
  for (const [key, each] of Object.entries(value)) tree[key] = nodeOf(each, depth + 1);
  return tree;
}

/** The elements of an array-like tree in the order of their indexes, or undefined when it is not one. */
export function elementsOf(tree: FormTree): FormNode[] | undefined {
  const indexes = Object.keys(tree);
  if (!indexes.every((index) => /^\d{1,6}$/.test(index))) return undefined;
  return indexes.sort((a, b) => Number(a) - Number(b)).map((index) => tree[index]!);
}

function emptyTree(): FormTree {
  return Object.create(null) as FormTree;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidRequest('Invalid request (check that your POST data is form-encoded: a %-escape is malformed).');
  }
}

/** `a[b][]` → `a`, `b`, ``. A key whose brackets do not pair up is taken literally, as Stripe does. */
function segmentsOf(key: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (!match) return [key];
  const rest = [...match[2]!.matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1]!);
  if (rest.length > maximumDepth) throw invalidRequest(`Invalid request: ${key.slice(0, 80)} is nested too deeply.`);
  return [match[1]!, ...rest];
}

function assign(root: FormTree, segments: string[], value: string, key: string): void {
  let tree = root;
  for (const [position, segment] of segments.entries()) {
    const isLast = position === segments.length - 1;
    const name = segment === '' ? arrayKey(tree, isLast ? undefined : segments[position + 1]) : segment;
    if (isLast) {
      tree[name] = value;
      return;
    }
    const child = (tree[name] ??= emptyTree());
    if (typeof child === 'string') throw invalidRequest(`Invalid request: ${key} is both a value and a hash.`);
    tree = child;
  }
}

/** `a[][b]=1&a[][c]=2` describes one element; a key that the last element already has begins the next one. */
function arrayKey(tree: FormTree, nextSegment: string | undefined): string {
  const count = Object.keys(tree).length;
  const last = tree[String(count - 1)];
  const joins = nextSegment !== undefined && typeof last === 'object' && !(nextSegment in last);
  return String(joins ? count - 1 : count);
}
