import type { ApiContract, OperationContract, ParameterContract } from '../contract/api-contract.js';
import type { RequestParts } from '../validation/parameter-reader.js';
import type { Violation } from '../validation/violation.js';

/** The values of the parameters of a request by name, as JSON has them. */
export interface RequestValues {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request as it goes on the wire, and in the parts that a validator checks. */
export interface WrittenRequest extends RequestParts {
  /** The template with its parameters, percent-encoded. */
  readonly path: string;
  /** Names in lower case. */
  readonly headerFields: ReadonlyMap<string, string>;
}

const MAX_VALUE_LENGTH = 4_096;
/** Fields of the connection, of the body, and those that say who calls: a parameter cannot be one of them. */
const OWN_FIELDS =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|cookie2?|authorization|forwarded|via|proxy-.*|x-forwarded-.*|x-real-ip|x-consumer-.*|x-tollgate-.*|tollgate-.*|x-api-key|origin|traceparent|tracestate)$/;

/** The contract of an operation; null for one that the document does not have. */
export function operationContract({ operations }: ApiContract, operation: string): OperationContract | null {
  return Object.hasOwn(operations, operation) ? (JSON.parse(operations[operation]!) as OperationContract) : null;
}

/**
 * Writes the parameters of a request by their styles (OpenAPI 3.1, Style Values): the other way of `ParameterReader`. Nothing that
 * is not a parameter of the operation is written, no value can reach beyond its place, and none can add a header field.
 * Whether values fit their schemas is for the validator. Returns what is wrong when something is.
 */
export function writeRequest(
  contract: OperationContract,
  template: string,
  values: RequestValues,
): WrittenRequest | readonly Violation[] {
  const writing = new Writing(contract.parameters, values);
  const path = template.replace(/\{([^{}]+)\}/g, (_, name: string) => writing.inPath(name));
  const query = writing.query();
  const headerFields = writing.headers();
  writing.checkPath(path);
  if (writing.violations.length > 0) return writing.violations;
  return {
    path,
    query,
    headerFields,
    pathParameters: writing.pathParameters,
    header: (name) => headerFields.get(name) ?? null,
  };
}

class Writing {
  readonly violations: Violation[] = [];
  readonly pathParameters = new Map<string, string>();

  constructor(
    private readonly parameters: readonly ParameterContract[],
    private readonly values: RequestValues,
  ) {
    for (const place of ['path', 'query'] as const) {
      for (const name of Object.keys(values[place])) {
        if (!this.find(place, name)) this.refuse(place, name, this.unknown(place));
      }
    }
  }

  inPath(name: string): string {
    const parameter = this.find('path', name);
    const value = own(this.values.path, name);
    // A parameter that the document forgot, or a value that is missing: the validator says so of those that it knows.
    if (value === undefined || value === null || value === '' || !parameter) {
      this.refuse('path', name, 'is required');
      return '';
    }
    const written = this.guarded('path', name, () => inPath(parameter, value)) ?? '';
    this.pathParameters.set(name, written);
    return written;
  }

  query(): string {
    const pairs = this.parameters
      .filter((parameter) => parameter.in === 'query')
      .flatMap((parameter) => {
        const value = own(this.values.query, parameter.name);
        if (value === undefined) return [];
        return this.guarded('query', parameter.name, () => inQuery(parameter, value)) ?? [];
      });
    return pairs.join('&');
  }

  headers(): Map<string, string> {
    const fields = new Map<string, string>();
    for (const [given, value] of Object.entries(this.values.headers)) {
      const name = given.toLowerCase();
      const parameter = this.parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === name);
      if (!parameter) this.refuse('header', given, this.unknown('header'));
      else if (OWN_FIELDS.test(name) || !/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name)) {
        this.refuse('header', given, 'cannot be sent from here');
      } else if (value !== undefined) {
        const text = inHeader(parameter, value);
        if (/^[\t\x20-\x7e]*$/.test(text) && text.length <= MAX_VALUE_LENGTH) fields.set(name, text.trim());
        else
          this.refuse('header', given, `must be one line of printable ASCII, at most ${MAX_VALUE_LENGTH} characters`);
      }
    }
    return fields;
  }

  /** A segment that leads up would make another operation of it, here or at a server that decodes once more. */
  checkPath(path: string): void {
    let decoded = path;
    for (let round = 0; round < 3; round++) {
      if (decoded.split(/[/\\]/).some((segment) => /^\.{1,2}(;|$)/.test(segment))) {
        this.violations.push({ in: 'path', message: 'no parameter may be, or hold, the segments "." or ".."' });
        return;
      }
      try {
        decoded = decodeURIComponent(decoded);
      } catch {
        return;
      }
    }
  }

  private guarded<Written>(place: 'path' | 'query', name: string, write: () => Written): Written | null {
    try {
      const written = write();
      if (String(written).length <= MAX_VALUE_LENGTH) return written;
      this.refuse(place, name, `is longer than ${MAX_VALUE_LENGTH} characters`);
    } catch (error) {
      // Half of a surrogate pair has no form in UTF-8.
      if (!(error instanceof URIError)) throw error;
      this.refuse(place, name, 'is not well-formed text');
    }
    return null;
  }

  private find(place: 'path' | 'query', name: string): ParameterContract | undefined {
    return this.parameters.find((one) => one.in === place && one.name === name);
  }

  private unknown(place: ParameterContract['in']): string {
    const names = this.parameters.filter((one) => one.in === place).map(({ name }) => name);
    return names.length === 0
      ? `is no ${place} parameter of this operation, which has none`
      : `is no ${place} parameter of this operation; it has: ${names.join(', ')}`;
  }

  private refuse(place: Violation['in'], name: string, message: string): void {
    this.violations.push({ in: place, name, message });
  }
}

function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function inPath({ name, style, explode }: ParameterContract, value: unknown): string {
  if (style === 'json') return encodeURIComponent(JSON.stringify(value));
  const separator = explode && style === 'label' ? '.' : explode && style === 'matrix' ? ';' : ',';
  const isPrefixed = style === 'matrix' && explode && Array.isArray(value);
  const texts = textsOf(value, explode).map((text) => (isPrefixed ? `${name}=${text}` : text));
  const joined = texts.join(separator);
  if (style === 'label') return `.${joined}`;
  if (style !== 'matrix') return joined;
  return explode && isComposite(value) ? `;${joined}` : `;${name}=${joined}`;
}

function inQuery({ name, style, explode }: ParameterContract, value: unknown): string[] {
  const key = encodeURIComponent(name);
  if (style === 'json') return [`${key}=${encodeURIComponent(JSON.stringify(value))}`];
  if (style === 'deepObject' && isObject(value)) {
    return Object.entries(value).map(
      ([member, one]) => `${encodeURIComponent(`${name}[${member}]`)}=${encodeURIComponent(textOf(one))}`,
    );
  }
  if (explode && Array.isArray(value)) return value.map((one) => `${key}=${encodeURIComponent(textOf(one))}`);
  if (explode && isObject(value)) return textsOf(value, true);
  const separator = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '%7C' : ',';
  return [`${key}=${textsOf(value, false).join(separator)}`];
}

function inHeader({ style, explode }: ParameterContract, value: unknown): string {
  if (style === 'json') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (!isObject(value)) return textOf(value);
  return Object.entries(value)
    .map(([member, one]) => `${member}${explode ? '=' : ','}${textOf(one)}`)
    .join(',');
}

/** The parts of a value, percent-encoded: one of a scalar, the items of an array, the members of an object. */
function textsOf(value: unknown, explode: boolean): string[] {
  if (Array.isArray(value)) return value.map((one) => encodeURIComponent(textOf(one)));
  if (!isObject(value)) return [encodeURIComponent(textOf(value))];
  return Object.entries(value).flatMap(([member, one]) => {
    const pair = [encodeURIComponent(member), encodeURIComponent(textOf(one))];
    return explode ? [pair.join('=')] : pair;
  });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as number);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
