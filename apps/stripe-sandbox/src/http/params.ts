import { elementsOf, type FormNode, type FormTree } from './form.js';
import { invalidRequest, type StripeFault } from './stripe-fault.js';

/** Reads one parameter; `path` is its full name, such as `period[start]`, for messages. */
export type ParamReader<T> = (node: FormNode, path: string) => T;
export type ParamReaders = Readonly<Record<string, ParamReader<unknown>>>;
/** What `readParams` yields: every parameter may be absent. */
export type Params<R extends ParamReaders> = {
  readonly [K in keyof R]?: R[K] extends ParamReader<infer T> ? T : never;
};

/** Reads a request's parameters; a parameter without a reader is refused, as Stripe refuses it. */
export function readParams<R extends ParamReaders>(readers: R, tree: FormTree, prefix = ''): Params<R> {
  const pathOf = (key: string): string => (prefix === '' ? key : `${prefix}[${key}]`);
  const unknown = Object.keys(tree).filter((key) => !Object.hasOwn(readers, key));
  if (unknown.length > 0) {
    const names = unknown.map(pathOf).join(', ');
    const noun = unknown.length > 1 ? 'parameters' : 'parameter';
    throw invalidRequest(`Received unknown ${noun}: ${names}`, pathOf(unknown[0]!), 'parameter_unknown');
  }
  const values: Record<string, unknown> = {};
  for (const [key, node] of Object.entries(tree)) values[key] = readers[key]!(node, pathOf(key));
  return values as Params<R>;
}

export function missingParam(param: string): StripeFault {
  return invalidRequest(`Missing required param: ${param}.`, param, 'parameter_missing');
}

/** The value, or Stripe's answer to a missing parameter. */
export function required<T>(value: T | undefined, param: string): T {
  if (value === undefined) throw missingParam(param);
  return value;
}

export function text(maximumLength = 5000): ParamReader<string> {
  return (node, path) => {
    const value = leaf(node, path);
    if (value === '') {
      throw invalidRequest(
        `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however ` +
          `'${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
        path,
        'parameter_invalid_empty',
      );
    }
    if (value.length > maximumLength) {
      throw invalidRequest(
        `Invalid string: ${value.slice(0, 20)}...; must be at most ${maximumLength} characters`,
        path,
      );
    }
    return value;
  };
}

/** As `reader`, but an empty value unsets the field and reads as null. */
export function clearable<T>(reader: ParamReader<T>): ParamReader<T | null> {
  return (node, path) => (node === '' ? null : reader(node, path));
}

export const integer: ParamReader<number> = (node, path) => {
  const value = leaf(node, path);
  if (!/^-?\d{1,15}$/.test(value)) {
    throw invalidRequest(`Invalid integer: ${value}`, path, 'parameter_invalid_integer');
  }
  return Number(value);
};

export const boolean: ParamReader<boolean> = (node, path) => {
  const value = leaf(node, path);
  if (value !== 'true' && value !== 'false') throw invalidRequest(`Invalid boolean: ${value}`, path);
  return value === 'true';
};

export function oneOf<const T extends string>(...choices: readonly T[]): ParamReader<T> {
  return (node, path) => {
    const value = leaf(node, path);
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw invalidRequest(`Invalid ${path}: must be one of ${choices.join(', ')}`, path);
  };
}

export function list<T>(reader: ParamReader<T>): ParamReader<T[]> {
  return (node, path) => {
    const elements = typeof node === 'string' ? undefined : elementsOf(node);
    if (elements === undefined) throw invalidRequest('Invalid array', path);
    return elements.map((element, index) => reader(element, `${path}[${index}]`));
  };
}

export function hash<R extends ParamReaders>(readers: R): ParamReader<Params<R>> {
  return (node, path) => {
    if (typeof node === 'string') throw invalidRequest('Invalid object', path);
    return readParams(readers, node, path);
  };
}

export function leaf(node: FormNode, path: string): string {
  if (typeof node !== 'string') throw invalidRequest(`Invalid string: ${JSON.stringify(node).slice(0, 60)}`, path);
  return node;
}
