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

/** Only web addresses: a page sends the browser there. */
export const webAddress: ParamReader<string> = (node, path) => {
  const value = text()(node, path);
  const protocol = URL.parse(value)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return value;
  throw invalidRequest('Not a valid URL', path, 'url_invalid');
};

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

/** How many of something, from 0. */
export const wholeQuantity: ParamReader<number> = (node, path) => {
  const value = integer(node, path);
  if (value < 0) throw invalidRequest('This value must be greater than or equal to 0.', path);
  return value;
};

/** An exact decimal with at most 12 places, as text without superfluous zeros. */
export const decimal: ParamReader<string> = (node, path) => {
  const value = leaf(node, path);
  if (!/^-?\d{1,15}(\.\d{1,12})?$/.test(value)) {
    throw invalidRequest(`Invalid decimal: ${value}`, path, 'parameter_invalid_decimal');
  }
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
};

/** A number from 0 to 100 with at most four decimals. */
export const percentage: ParamReader<number> = (node, path) => {
  const value = Number(decimal(node, path));
  if (value >= 0 && value <= 100 && /^\d+(\.\d{1,4})?$/.test(String(value))) return value;
  throw invalidRequest('A percentage is from 0 to 100, with at most four decimals.', path);
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

/** Any keys, with text for values. */
export const textMap: ParamReader<Readonly<Record<string, string>>> = (node, path) => {
  if (typeof node === 'string') throw invalidRequest('Invalid object', path);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, leaf(value, `${path}[${key}]`)]));
};

export function leaf(node: FormNode, path: string): string {
  if (typeof node !== 'string') throw invalidRequest(`Invalid string: ${JSON.stringify(node).slice(0, 60)}`, path);
  return node;
}
