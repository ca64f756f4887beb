import type { ParameterContract } from '../contract/api-contract.js';
import type { JsonValue } from '../document/json-value.js';
import { type JsonType, type SchemaAt, acceptedTypes, propertyNames, schemaOfMember } from './accepted-types.js';

/** Where the parameters of a request are, as they came. */
export interface RequestParts {
  /** Percent-encoded. */
  readonly pathParameters: ReadonlyMap<string, string>;
  /** Without question mark, percent-encoded. */
  readonly query: string;
  /** The value of a header field, several joined by ", "; null when there is none. The name is in lower case. */
  header(name: string): string | null;
}

/** The values that a parameter can mean, the likeliest first: one of them must fit. */
export type ParameterReading = 'absent' | 'malformed' | { readonly candidates: readonly unknown[] };

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Reads one parameter of requests by its style (OpenAPI 3.1, Style Values). Made once for each parameter. */
export class ParameterReader {
  private readonly types: ReadonlySet<JsonType>;

  constructor(
    private readonly parameter: ParameterContract,
    private readonly schemaAt: SchemaAt,
  ) {
    this.types = acceptedTypes(parameter.schema, schemaAt);
  }

  read(parts: RequestParts): ParameterReading {
    try {
      return this.readFrom(parts);
    } catch (error) {
      // What is not percent-encoded UTF-8, or no JSON.
      if (error instanceof URIError || error instanceof SyntaxError) return 'malformed';
      throw error;
    }
  }

  private readFrom(parts: RequestParts): ParameterReading {
    const { name } = this.parameter;
    switch (this.parameter.in) {
      case 'path': {
        const raw = parts.pathParameters.get(name);
        return raw === undefined ? 'absent' : this.fromSimple(this.withoutPrefix(raw), decodeURIComponent);
      }
      case 'header': {
        const raw = parts.header(name.toLowerCase());
        return raw === null ? 'absent' : this.fromSimple(raw, (text) => text.trim());
      }
      case 'query':
        return this.fromPairs(pairsOf(parts.query, '&'), decodeQuery);
      case 'cookie':
        return this.fromPairs(pairsOf(parts.header('cookie') ?? '', ';'), decodeURIComponent);
    }
  }

  /** Label and matrix styles bring marks of their own. */
  private withoutPrefix(raw: string): string {
    const { style, name, explode } = this.parameter;
    if (style === 'label') return raw.startsWith('.') ? raw.slice(1) : raw;
    if (style !== 'matrix' || !raw.startsWith(';')) return raw;
    if (explode && !this.is('object')) return raw.slice(1).replaceAll(`${name}=`, '');
    return raw.startsWith(`;${name}=`) ? raw.slice(name.length + 2) : raw.slice(1);
  }

  private fromSimple(raw: string, decode: (text: string) => string): ParameterReading {
    const { style, explode } = this.parameter;
    if (style === 'json') return { candidates: [JSON.parse(decode(raw))] };
    const separator = explode && style === 'label' ? '.' : explode && style === 'matrix' ? ';' : ',';
    if (this.is('array')) return this.asArray(raw === '' ? [] : raw.split(separator), decode);
    if (!this.is('object')) return this.asScalar(decode(raw));
    const texts = raw.split(separator);
    if (explode)
      return this.asObject(
        texts.map((text) => splitPair(text)),
        decode,
      );
    return this.asObject(alternating(texts), decode);
  }

  private fromPairs(pairs: readonly (readonly [string, string])[], decode: (text: string) => string): ParameterReading {
    const { name, style, explode } = this.parameter;
    if (style === 'deepObject') {
      const members = pairs.flatMap(([key, value]): [string, string][] => {
        const decoded = decode(key);
        return decoded.startsWith(`${name}[`) && decoded.endsWith(']')
          ? [[encodeURIComponent(decoded.slice(name.length + 1, -1)), value]]
          : [];
      });
      return members.length === 0 ? 'absent' : this.asObject(members, decode);
    }
    if (this.is('object') && explode && style === 'form') {
      const names = propertyNames(this.parameter.schema, this.schemaAt);
      const members = pairs.filter(([key]) => names.has(decode(key)));
      return members.length === 0 ? 'absent' : this.asObject(members, decode);
    }
    const values = pairs.filter(([key]) => decode(key) === name).map(([, value]) => value);
    const [first] = values;
    if (first === undefined) return 'absent';
    if (style === 'json') return { candidates: [JSON.parse(decode(first))] };
    if (this.is('array')) {
      if (explode) return this.asArray(values, decode);
      return this.asArray(first === '' ? [] : first.split(separatorOf(style)), decode);
    }
    if (this.is('object')) return this.asObject(alternating(first.split(separatorOf(style))), decode);
    return this.asScalar(decode(values.at(-1)!));
  }

  private is(type: 'array' | 'object'): boolean {
    return this.types.has(type);
  }

  private asScalar(text: string): ParameterReading {
    return { candidates: scalarsOf(text, this.types) };
  }

  private asArray(texts: readonly string[], decode: (text: string) => string): ParameterReading {
    const types = acceptedTypes(schemaOfMember(this.parameter.schema, 'items', this.schemaAt), this.schemaAt);
    return { candidates: [texts.map((text) => scalarsOf(decode(text), types)[0])] };
  }

  private asObject(
    members: readonly (readonly [string, string])[],
    decode: (text: string) => string,
  ): ParameterReading {
    const entries = members.map(([key, value]) => {
      const property = decode(key);
      const schema = schemaOfMember(this.parameter.schema, { property }, this.schemaAt);
      return [property, scalarsOf(decode(value), acceptedTypes(schema, this.schemaAt))[0]] as const;
    });
    return { candidates: [Object.fromEntries(entries)] };
  }
}

/** What a text can mean where these types are accepted; the text itself where nothing else fits. */
export function scalarsOf(text: string, types: ReadonlySet<JsonType>): readonly JsonValue[] {
  const values: JsonValue[] = [];
  if (types.has('number') && NUMBER.test(text)) values.push(Number(text));
  if (types.has('boolean') && (text === 'true' || text === 'false')) values.push(text === 'true');
  if (types.has('null') && (text === '' || text === 'null')) values.push(null);
  if (types.has('string') || values.length === 0) values.push(text);
  return values;
}

function pairsOf(text: string, separator: '&' | ';'): (readonly [string, string])[] {
  return text
    .split(separator)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map(splitPair);
}

function splitPair(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function alternating(texts: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) pairs.push([texts[index]!, texts[index + 1]!]);
  return pairs;
}

function separatorOf(style: ParameterContract['style']): string | RegExp {
  if (style === 'spaceDelimited') return /%20|\+/;
  return style === 'pipeDelimited' ? /\||%7C/i : ',';
}

/** As forms write queries (WHATWG URL, application/x-www-form-urlencoded). */
export function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
