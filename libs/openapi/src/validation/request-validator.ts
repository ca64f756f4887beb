import type { ApiContract, MediaContract, OperationContract, ParameterContract } from '../contract/api-contract.js';
import { isJsonMedia, mediaTypeOf } from '../contract/contract-from-document.js';
import type { JsonValue } from '../document/json-value.js';
import { acceptedTypes, schemaOfMember } from './accepted-types.js';
import { type FormPart, parseMultipartForm } from './multipart-form.js';
import { ParameterReader, type RequestParts, decodeQuery, scalarsOf } from './parameter-reader.js';
import { type SchemaFault, SchemaChecker } from './schema-checker.js';
import type { Violation } from './violation.js';

/** Of larger bodies, and of all that is not wrong, only the first fault is looked for. */
const maxBytesForAllFaults = 65_536;
const FORM = 'application/x-www-form-urlencoded';

/** The body of a request that has one, whole. */
export interface ReceivedBody {
  /** As the header field says; null when there is none. */
  readonly contentType: string | null;
  readonly bytes: Buffer;
}

type Check = (value: unknown, wanted: 'first' | 'all') => readonly SchemaFault[];

interface CheckedParameter {
  readonly parameter: ParameterContract;
  /** Names its schema to the checker. */
  readonly key: string;
  readonly reader: ParameterReader;
  readonly check: Check;
}

interface CheckedBody extends MediaContract {
  readonly key: string;
  readonly check: Check;
}

/** Checks requests of one operation against its contract. */
export class OperationValidator {
  private readonly parameters: readonly CheckedParameter[];
  private readonly bodies: readonly CheckedBody[];

  constructor(
    name: string,
    private readonly contract: OperationContract,
    private readonly checker: SchemaChecker,
    private readonly schemaAt: (pointer: string) => JsonValue,
  ) {
    this.parameters = contract.parameters.map((parameter) => {
      const key = `${name} ${parameter.in} ${parameter.name}`;
      const reader = new ParameterReader(parameter, schemaAt);
      return { parameter, key, reader, check: checker.compile(parameter.schema, key) };
    });
    this.bodies = (contract.body?.content ?? []).map((media) => {
      const key = `${name} body ${media.type}`;
      return { ...media, key, check: checker.compile(media.schema, key) };
    });
  }

  /** Compiles what is checked first of a request, a schema a step. */
  *prepare(): Generator<void> {
    for (const { parameter, key } of this.parameters) {
      this.checker.prepare(parameter.schema, key, 'all');
      yield;
    }
    for (const { schema, key } of this.bodies) {
      this.checker.prepare(schema, key, 'first');
      yield;
    }
  }

  /** True when the document describes a body, so that one must be read to be checked. */
  get describesBody(): boolean {
    return this.contract.body !== null;
  }

  /** True for a body of which more is checked than its media type: it must be readable. */
  looksInto(contentType: string | null): boolean {
    const type = mediaTypeOf(contentType ?? '');
    const isRead = type === 'multipart/form-data' || type === FORM || isJsonMedia(type);
    return isRead && this.mediaOf(type) !== null;
  }

  /** Every parameter that does not fit, in the order of the document. */
  checkParameters(parts: RequestParts): readonly Violation[] {
    const violations: Violation[] = [];
    for (const { parameter, reader, check } of this.parameters) {
      const place = { in: parameter.in, name: parameter.name };
      const reading = reader.read(parts);
      if (reading === 'malformed') violations.push({ ...place, message: 'is not encoded as it must be' });
      else if (reading === 'absent') {
        if (parameter.required) violations.push({ ...place, message: 'is required' });
      } else if (!(parameter.allowsEmpty && reading.candidates.includes(''))) {
        for (const { pointer, message } of faultsOfCandidates(reading.candidates, check)) {
          violations.push({ ...place, ...(pointer === '' ? {} : { pointer }), message });
        }
      }
    }
    return violations;
  }

  /** What is wrong with the body, or with its absence. */
  checkBody(body: ReceivedBody | null): readonly Violation[] {
    const described = this.contract.body;
    if (described === null) return [];
    if (body === null || body.bytes.length === 0) {
      return described.required ? [{ in: 'body', message: 'is required' }] : [];
    }
    const type = mediaTypeOf(body.contentType ?? '');
    const media = this.mediaOf(type);
    if (media === null) {
      const types = this.bodies.map((one) => one.type).join(', ');
      return this.bodies.length === 0 ? [] : [{ in: 'body', message: `must have one of these media types: ${types}` }];
    }
    if (type === 'multipart/form-data') return this.checkMultipart(body, media);
    const value = this.parse(body.bytes, type, media.schema);
    if (value === 'unchecked') return [];
    if (value === 'malformed') return [{ in: 'body', message: `is not ${type}` }];
    return this.faultsOf(value.parsed, body.bytes.length, media);
  }

  private mediaOf(type: string): CheckedBody | null {
    const exact = this.bodies.find((one) => one.type === type);
    return exact ?? this.bodies.find((one) => covers(one.type, type)) ?? null;
  }

  private faultsOf(value: unknown, byteLength: number, { check }: CheckedBody): readonly Violation[] {
    const faults = check(value, 'first');
    const reported = faults.length > 0 && byteLength <= maxBytesForAllFaults ? check(value, 'all') : faults;
    return reported.map(({ pointer, message }) => ({ in: 'body', pointer, message }));
  }

  /** Fields as what their schemas say, files as texts of so many characters as they have bytes. */
  private checkMultipart({ bytes, contentType }: ReceivedBody, media: CheckedBody): readonly Violation[] {
    const parts = parseMultipartForm(bytes, contentType ?? '');
    if (parts === null) return [{ in: 'body', message: 'is not multipart/form-data' }];
    const violations: Violation[] = [];
    const values = new Map<string, unknown[]>();
    for (const part of parts) {
      const pointer = `/${part.name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const types =
        media.partTypes !== undefined && Object.hasOwn(media.partTypes, part.name) ? media.partTypes[part.name]! : null;
      const type = mediaTypeOf(part.type ?? (part.isFile ? 'application/octet-stream' : 'text/plain'));
      if (types !== null && !types.some((range) => range === type || covers(range, type))) {
        violations.push({ in: 'body', pointer, message: `must have one of these media types: ${types.join(', ')}` });
      }
      const value = this.valueOfPart(part, media.schema);
      if (value === 'malformed') violations.push({ in: 'body', pointer, message: `is not ${type}` });
      else values.set(part.name, [...(values.get(part.name) ?? []), value.parsed]);
    }
    const entries = [...values].map(([property, all]) => {
      const accepted = acceptedTypes(schemaOfMember(media.schema, { property }, this.schemaAt), this.schemaAt);
      return [
        property,
        accepted.has('array') && !(all.length === 1 && Array.isArray(all[0])) ? all : all.at(-1),
      ] as const;
    });
    return [...violations, ...this.faultsOf(Object.fromEntries(entries), bytes.length, media)];
  }

  private valueOfPart({ name, isFile, type, bytes }: FormPart, schema: JsonValue): { parsed: unknown } | 'malformed' {
    const member = schemaOfMember(schema, { property: name }, this.schemaAt);
    const ofWhole = acceptedTypes(member, this.schemaAt);
    const types = ofWhole.has('array')
      ? acceptedTypes(schemaOfMember(member, 'items', this.schemaAt), this.schemaAt)
      : ofWhole;
    const isStructured = types.has('object') && !types.has('string');
    if (!isFile && (type === null ? isStructured : isJsonMedia(type))) {
      try {
        return { parsed: JSON.parse(bytes.toString('utf8')) as unknown };
      } catch {
        return 'malformed';
      }
    }
    const isText = !isFile && (type === null || mediaTypeOf(type).startsWith('text/'));
    return { parsed: isText ? scalarsOf(bytes.toString('utf8'), types)[0] : bytes.toString('latin1') };
  }

  private parse(bytes: Buffer, type: string, schema: JsonValue): { parsed: unknown } | 'malformed' | 'unchecked' {
    if (isJsonMedia(type)) {
      try {
        return { parsed: JSON.parse(bytes.toString('utf8')) as unknown };
      } catch {
        return 'malformed';
      }
    }
    if (type === FORM) return this.parseForm(bytes.toString('utf8'), schema);
    return 'unchecked';
  }

  private parseForm(text: string, schema: JsonValue): { parsed: unknown } | 'malformed' {
    const values = new Map<string, string[]>();
    try {
      for (const pair of text.split('&')) {
        if (pair === '') continue;
        const equals = pair.indexOf('=');
        const name = decodeQuery(equals === -1 ? pair : pair.slice(0, equals));
        values.set(name, [...(values.get(name) ?? []), equals === -1 ? '' : decodeQuery(pair.slice(equals + 1))]);
      }
    } catch {
      return 'malformed';
    }
    const entries = [...values].map(([property, texts]) => {
      const member = schemaOfMember(schema, { property }, this.schemaAt);
      const types = acceptedTypes(member, this.schemaAt);
      if (!types.has('array')) return [property, scalarsOf(texts.at(-1)!, types)[0]] as const;
      const items = acceptedTypes(schemaOfMember(member, 'items', this.schemaAt), this.schemaAt);
      return [property, texts.map((one) => scalarsOf(one, items)[0])] as const;
    });
    return { parsed: Object.fromEntries(entries) };
  }
}

/** The validators of a contract, each made when its operation is first called. */
export class RequestValidators {
  private readonly made = new Map<string, OperationValidator>();
  private readonly checker: SchemaChecker;

  constructor(private readonly contract: ApiContract) {
    this.checker = new SchemaChecker(contract.schemas);
  }

  /** True for a contract that says the same, to the letter. */
  isFor({ operations, schemas }: ApiContract): boolean {
    return isSameText(operations, this.contract.operations) && isSameText(schemas, this.contract.schemas);
  }

  /**
   * Compiles all that requests are checked by first, one schema a step, so that no request has to wait for many of them. What a
   * request needs earlier is compiled for it.
   */
  *prepare(): Generator<void> {
    for (const pointer of Object.keys(this.contract.schemas)) {
      for (const wanted of ['first', 'all'] as const) {
        this.checker.prepareReferred(pointer, wanted);
        yield;
      }
    }
    for (const operation of Object.keys(this.contract.operations)) {
      const validator = this.of(operation)!;
      yield;
      yield* validator.prepare();
    }
  }

  /** Null for an operation that the contract does not know. */
  of(operation: string): OperationValidator | null {
    const known = this.made.get(operation);
    if (known) return known;
    if (!Object.hasOwn(this.contract.operations, operation)) return null;
    const contract = JSON.parse(this.contract.operations[operation]!) as OperationContract;
    const validator = new OperationValidator(operation, contract, this.checker, schemaReader(this.contract));
    this.made.set(operation, validator);
    return validator;
  }
}

/** Reads the schemas of a contract, each parsed once. */
export function schemaReader({ schemas }: ApiContract): (pointer: string) => JsonValue {
  const parsed = new Map<string, JsonValue>();
  return (pointer) => {
    const known = parsed.get(pointer);
    if (known !== undefined) return known;
    const schema = Object.hasOwn(schemas, pointer) ? (JSON.parse(schemas[pointer]!) as JsonValue) : true;
    parsed.set(pointer, schema);
    return schema;
  };
}

function isSameText(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** One candidate that fits is enough; else the faults of the likeliest. */
function faultsOfCandidates(candidates: readonly unknown[], check: Check): readonly SchemaFault[] {
  let faults: readonly SchemaFault[] | null = null;
  for (const candidate of candidates) {
    const found = check(candidate, 'all');
    if (found.length === 0) return found;
    faults ??= found;
  }
  return faults ?? [];
}

/** True when a media range of the document ("image/*") holds the type. */
function covers(range: string, type: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1));
}
