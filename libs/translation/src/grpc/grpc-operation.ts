import type { GrpcTranslationPolicy } from '#domain';
import {
  type DescField,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  type JsonReadOptions,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
  create,
  fromBinary,
  mergeFromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import type { RequestFault, RestRequest, TranslatedRequest } from '../rest-request.js';
import { MalformedAnswerError, OversizedAnswerError } from '../translation-fault.js';
import { type FieldPath, fieldPathIn, jsonAt, parameterFault } from './field-path.js';
import { frameOf } from './frames.js';
import type { PathBinding } from './http-rule.js';
import { withPlainNumbers } from './plain-numbers.js';
import { ValueCounter, valuesPerByte } from './value-count.js';

/** A path parameter, or several with texts between them, and the field that they fill. */
export interface BoundPath {
  readonly path: FieldPath;
  readonly segments: PathBinding['segments'];
}

/** How an operation calls its method, checked against the descriptors. */
export interface GrpcMapping {
  readonly method: DescMethod;
  readonly paths: readonly BoundPath[];
  /** The whole message, a field of it, or nothing. */
  readonly body: 'all' | 'none' | DescField;
  /** Null for the whole message. */
  readonly responseBody: DescField | null;
  /** Of query parameters that are not called as their field. */
  readonly queryFields: ReadonlyMap<string, string>;
}

/** The body of an answer, as the client gets it. */
export interface RestBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Of one message: they are hundreds of bytes each before they are text. */
const maxValues = 500_000;

export const HTTP_BODY = 'google.api.HttpBody';

/** One operation of a document that is a method of a gRPC service. Made once; a pure function of what it is asked. */
export class GrpcOperation {
  /** The server answers with any number of messages. */
  readonly isStream: boolean;
  readonly maxMessageBytes: number;
  private readonly read: Partial<JsonReadOptions>;
  private readonly write: Partial<JsonWriteOptions>;
  private readonly path: string;
  private readonly counter: ValueCounter;
  /** Messages with no more bytes need not be counted. */
  private readonly uncountedBytes: number;

  constructor(
    private readonly mapping: GrpcMapping,
    policy: GrpcTranslationPolicy,
    registry: FileRegistry,
  ) {
    const { method } = mapping;
    this.isStream = method.methodKind === 'server_streaming';
    this.maxMessageBytes = policy.maxMessageBytes;
    this.path = `/${method.parent.typeName}/${method.name}`;
    this.counter = new ValueCounter(maxValues, registry, policy.emitsDefaults);
    this.uncountedBytes = Math.floor(maxValues / valuesPerByte(registry, policy.emitsDefaults));
    this.read = { registry, ignoreUnknownFields: policy.unknownFields === 'ignore' };
    this.write = {
      registry,
      alwaysEmitImplicit: policy.emitsDefaults,
      useProtoFieldName: policy.fieldNames === 'proto',
    };
  }

  /** The call for a request, or where the request does not fit the message. */
  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    const { input } = this.mapping.method;
    const message = create(input);
    const faults = [
      ...this.takeBody(message, request.body),
      // After the body, so that what the path says holds.
      ...this.takeQuery(message, request.query),
      ...this.takePath(message, request.pathParameters),
    ];
    if (faults.length > 0) return faults;
    try {
      return { path: this.path, fields: FIELDS, body: frameOf(toBinary(input, message)) };
    } catch (error) {
      return [{ in: 'body', message: (error as Error).message }];
    }
  }

  /**
   * A message of the server as JSON in UTF-8, or as the bytes that a `google.api.HttpBody` holds.
   * @throws MalformedAnswerError for what is not the message that the descriptors say; OversizedAnswerError for one of too many values
   */
  bodyOf(message: Uint8Array): RestBody {
    const { output } = this.mapping.method;
    try {
      if (message.length > this.uncountedBytes && output.typeName !== HTTP_BODY) this.counter.check(output, message);
      const value = fromBinary(output, message, { readUnknownFields: false });
      if (output.typeName === HTTP_BODY) return httpBody(value);
      return { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(this.jsonOf(output, value))) };
    } catch (error) {
      if (error instanceof OversizedAnswerError) throw error;
      throw new MalformedAnswerError(`a message of the server is no ${output.typeName}`, { cause: error });
    }
  }

  private jsonOf(output: DescMessage, message: Message): JsonValue {
    const { responseBody } = this.mapping;
    const { write } = this;
    if (responseBody === null) return toJson(output, message, write);
    const all = toJson(output, message, { ...write, alwaysEmitImplicit: true }) as Record<string, JsonValue>;
    const name = write.useProtoFieldName === true ? responseBody.name : responseBody.jsonName;
    if (write.alwaysEmitImplicit === true || responseBody.message === undefined) return all[name] ?? null;
    return (toJson(output, message, write) as Record<string, JsonValue>)[name] ?? all[name] ?? null;
  }

  private takeBody(message: Message, sent: unknown): readonly RequestFault[] {
    const { body } = this.mapping;
    if (sent === undefined) return [];
    if (body === 'none') return [{ in: 'body', message: 'this operation takes no body' }];
    const value = withPlainNumbers(sent);
    const json = body === 'all' ? value : { [body.jsonName]: value };
    return this.merge(message, json as JsonValue, { in: 'body' });
  }

  private takeQuery(message: Message, query: RestRequest['query']): readonly RequestFault[] {
    const texts = new Map<string, string[]>();
    for (const [name, text] of query) texts.set(name, [...(texts.get(name) ?? []), text]);
    return [...texts].flatMap(([name, values]): readonly RequestFault[] => {
      const path = this.queryPath(name);
      if (path === null) {
        if (this.read.ignoreUnknownFields === true) return [];
        return [{ in: 'query', name, message: 'there is no such parameter' }];
      }
      const fault = parameterFault(path);
      if (fault !== null) return [{ in: 'query', name, message: fault }];
      return this.mergeParameter(message, path, values, { in: 'query', name });
    });
  }

  /** The field that a query parameter fills; null where none is free for it. */
  private queryPath(name: string): FieldPath | null {
    const { body, paths, method, queryFields } = this.mapping;
    if (body === 'all') return null;
    const path = fieldPathIn(method.input, queryFields.get(name) ?? name);
    if (typeof path === 'string') return null;
    if (body !== 'none' && path[0] === body) return null;
    return paths.some((bound) => bound.path.every((field, index) => field === path[index])) ? null : path;
  }

  private takePath(message: Message, parameters: RestRequest['pathParameters']): readonly RequestFault[] {
    return this.mapping.paths.flatMap(({ path, segments }) => {
      const texts = segments.map((segment) =>
        'text' in segment ? segment.text : pathText(parameters.get(segment.parameter) ?? '', segments.length),
      );
      const name = segments.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : []))[0] ?? '';
      return this.mergeParameter(message, path, [texts.join('/')], { in: 'path', name });
    });
  }

  private mergeParameter(
    message: Message,
    path: FieldPath,
    texts: readonly string[],
    place: Omit<RequestFault, 'message'>,
  ): readonly RequestFault[] {
    const json = jsonAt(path, texts);
    if (typeof json === 'string') return [{ ...place, message: json }];
    return this.merge(message, json as JsonValue, place);
  }

  private merge(message: Message, json: JsonValue, place: Omit<RequestFault, 'message'>): readonly RequestFault[] {
    try {
      mergeFromJson(this.mapping.method.input, message, json, this.read);
      return [];
    } catch (error) {
      return [{ ...place, message: (error as Error).message }];
    }
  }
}

const FIELDS = ['content-type', 'application/grpc+proto', 'grpc-accept-encoding', 'identity', 'user-agent', 'tollgate'];

/** In a value of several segments, a slash that the caller encoded stays so: it makes no further segment (google/api/http.proto). */
function pathText(value: string, segments: number): string {
  return segments > 1 ? value.replaceAll('/', '%2F') : value;
}

function httpBody(message: Message): RestBody {
  const { contentType, data } = message as Message & { readonly contentType: string; readonly data: Uint8Array };
  return { contentType: contentType || 'application/octet-stream', bytes: Buffer.from(data) };
}
