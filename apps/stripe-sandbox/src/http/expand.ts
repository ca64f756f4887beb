import type { Call } from '../sandbox.js';
import { invalidRequest } from './stripe-fault.js';

/** Fetches what an id in an expandable field stands for. */
export type Resolve = (call: Call, id: string) => object | undefined;
/** The expandable fields of an object, by path; `include` adds a field that is otherwise left out. */
export interface Expandable {
  readonly [path: string]: Resolve | { readonly include: (call: Call, id: string) => object };
}

type Tree = Record<string, unknown>;
const maximumDepth = 4;

/** A copy of `answer` with the ids at `paths` replaced by their objects. `expandables` is keyed by object type. */
export function expand(
  call: Call,
  answer: object,
  paths: readonly string[],
  expandables: Readonly<Record<string, Expandable>>,
): object {
  if (paths.length === 0) return answer;
  const copy = structuredClone(answer) as Tree;
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > maximumDepth) {
      throw invalidRequest(
        `You cannot expand more than ${maximumDepth} levels of a property. Property: ${path}`,
        'expand',
      );
    }
    expandPath(call, copy, segments, path, expandables);
  }
  return copy;
}

function expandPath(
  call: Call,
  object: Tree,
  segments: readonly string[],
  path: string,
  expandables: Readonly<Record<string, Expandable>>,
): void {
  if (object.object === 'list') {
    if (segments[0] !== 'data') throw notExpandable(path, ` You may want to try expanding 'data.${path}' instead.`);
    for (const element of object.data as Tree[]) expandPath(call, element, segments.slice(1), path, expandables);
    return;
  }
  const fields = expandables[String(object.object)] ?? {};
  for (let length = segments.length; length > 0; length--) {
    const rule = fields[segments.slice(0, length).join('.')];
    if (rule === undefined) continue;
    const field = fieldAt(object, segments.slice(0, length));
    if (field !== undefined) follow(call, object, field, rule, segments.slice(length), path, expandables);
    return;
  }
  const list = object[segments[0] ?? ''] as Tree | undefined;
  if (list?.object !== 'list' || segments.length < 2) throw notExpandable(path);
  expandPath(call, list, segments.slice(1), path, expandables);
}

function follow(
  call: Call,
  owner: Tree,
  field: { readonly holder: Tree; readonly name: string },
  rule: Expandable[string],
  rest: readonly string[],
  path: string,
  expandables: Readonly<Record<string, Expandable>>,
): void {
  const { holder, name } = field;
  if (typeof rule !== 'function') holder[name] ??= structuredClone(rule.include(call, String(owner.id)));
  else if (typeof holder[name] === 'string') {
    holder[name] = structuredClone(rule(call, holder[name])) ?? holder[name];
  } else if (Array.isArray(holder[name])) {
    const resolve = (each: unknown): unknown =>
      typeof each === 'string' ? (structuredClone(rule(call, each)) ?? each) : each;
    holder[name] = holder[name].map(resolve);
  }
  const value = holder[name];
  if (rest.length > 0 && Array.isArray(value)) {
    for (const each of value as Tree[]) expandPath(call, each, rest, path, expandables);
    return;
  }
  if (rest.length > 0 && typeof value === 'object' && value !== null) {
    expandPath(call, value as Tree, rest, path, expandables);
  }
}

/** Where the field is, or undefined when a part of its path is null. */
function fieldAt(object: Tree, segments: readonly string[]): { holder: Tree; name: string } | undefined {
  let holder = object;
  for (const segment of segments.slice(0, -1)) {
    const next = holder[segment];
    if (typeof next !== 'object' || next === null) return undefined;
    holder = next as Tree;
  }
  return { holder, name: segments.at(-1)! };
}

function notExpandable(path: string, advice = ''): Error {
  return invalidRequest(`This property cannot be expanded (${path}).${advice}`, 'expand');
}
