import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import type { OpenApiDocument, Operation } from '../document/open-api-document.js';
import { operationName } from '../document/read-operations.js';
import { followReferences, resolveReference } from '../document/references.js';
import { SchemaChecker } from '../validation/schema-checker.js';
import type {
  ApiContract,
  MediaContract,
  OperationContract,
  ParameterContract,
  ParameterPlace,
  ParameterStyle,
  ResponseMedia,
} from './api-contract.js';
import { type NormalizeContext, normalizeSchema } from './normalize-schema.js';

export interface ContractOptions {
  /** Responses and examples are part of it. */
  readonly isMocked: boolean;
}

export interface ExtractedContract {
  readonly contract: ApiContract;
  /** What of the document cannot be checked, each once, with the place. */
  readonly remarks: readonly string[];
}

/** The contract of a document that has passed every check; only what its operations use is in it. */
export function contractFromDocument(document: OpenApiDocument, { isMocked }: ContractOptions): ExtractedContract {
  return new Extraction(document, isMocked).extract();
}

/** Header parameters that OpenAPI describes elsewhere, and so ignores here. */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);
const STYLES: Readonly<Record<ParameterPlace, readonly [ParameterStyle, ...ParameterStyle[]]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

class Extraction {
  private readonly pending: string[] = [];
  private readonly referred = new Set<string>();
  private readonly remarks = new Set<string>();
  private readonly root: JsonObject;
  private readonly checker = new SchemaChecker({});
  private place = '';
  private readonly context: NormalizeContext;

  constructor(
    private readonly document: OpenApiDocument,
    private readonly isMocked: boolean,
  ) {
    this.root = document.document;
    this.context = {
      isOpenApi30: document.openapi.startsWith('3.0.'),
      keepsExamples: isMocked,
      refer: (pointer) => {
        if (this.referred.has(pointer)) return;
        this.referred.add(pointer);
        this.pending.push(pointer);
      },
      isReadOnly: (schema) => {
        const target = this.follow(schema);
        return isJsonObject(target) && target.readOnly === true;
      },
      remark: (message) => this.remarks.add(`${this.place}: ${message}`),
    };
  }

  extract(): ExtractedContract {
    const operations = Object.fromEntries(
      this.document.operations.map((operation) => [
        operationName(operation),
        JSON.stringify(this.operation(operation)),
      ]),
    );
    const schemas: Record<string, string> = {};
    for (let pointer = this.pending.pop(); pointer !== undefined; pointer = this.pending.pop()) {
      this.place = pointer;
      schemas[pointer] = JSON.stringify(this.schema(resolveReference(this.root, pointer)));
    }
    return { contract: { operations, schemas }, remarks: [...this.remarks] };
  }

  private operation({ method, template }: Operation): OperationContract {
    this.place = `${method} ${template}`;
    const paths = this.root.paths as JsonObject;
    const item = this.follow(paths[template]) as JsonObject;
    const operation = item[method.toLowerCase()] as JsonObject;
    return {
      parameters: this.parameters(item.parameters, operation.parameters),
      body: this.body(this.follow(operation.requestBody)),
      responses: this.isMocked ? this.responses(operation.responses) : [],
    };
  }

  /** Those of the operation take the place of those of the path with the same name and place. */
  private parameters(ofPath: JsonValue | undefined, ofOperation: JsonValue | undefined): ParameterContract[] {
    const byPlace = new Map<string, ParameterContract>();
    for (const list of [ofPath, ofOperation]) {
      for (const value of Array.isArray(list) ? (list as readonly JsonValue[]) : []) {
        const parameter = this.parameter(this.follow(value));
        if (parameter) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
      }
    }
    return [...byPlace.values()];
  }

  private parameter(value: JsonValue | undefined): ParameterContract | null {
    if (!isJsonObject(value) || typeof value.name !== 'string' || !isPlace(value.in)) return null;
    const place = value.in;
    if (place === 'header' && IGNORED_HEADERS.has(value.name.toLowerCase())) return null;
    const [defaultStyle, ...others] = STYLES[place];
    const named = { name: value.name, in: place, required: value.required === true || place === 'path' };
    const allowsEmpty = value.allowEmptyValue === true;
    if (isJsonObject(value.content)) {
      const [type, media] = Object.entries(value.content)[0] ?? [];
      if (type === undefined || !isJsonMedia(type)) this.context.remark(`the parameter "${value.name}" is not checked`);
      const schema = isJsonObject(media) && type !== undefined && isJsonMedia(type) ? media.schema : true;
      return { ...named, style: 'json', explode: false, allowsEmpty, schema: this.schema(schema) };
    }
    const style = others.find((other) => other === value.style) ?? defaultStyle;
    const explode = typeof value.explode === 'boolean' ? value.explode : style === 'form' || style === 'deepObject';
    return { ...named, style, explode, allowsEmpty, schema: this.schema(value.schema) };
  }

  private body(value: JsonValue | undefined): OperationContract['body'] {
    if (!isJsonObject(value)) return null;
    return { required: value.required === true, content: this.content(value.content) };
  }

  private content(value: JsonValue | undefined): MediaContract[] {
    if (!isJsonObject(value)) return [];
    return Object.entries(value).map(([type, media]) => ({
      type: mediaTypeOf(type),
      schema: this.schema(isJsonObject(media) ? media.schema : true),
      ...(mediaTypeOf(type) === 'multipart/form-data' && isJsonObject(media) && partTypesOf(media.encoding)),
    }));
  }

  private responses(value: JsonValue | undefined): OperationContract['responses'] {
    if (!isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([status, response]) => {
      const target = this.follow(response);
      if (!isJsonObject(target) || !/^([1-5]\d\d|[1-5]XX|default)$/i.test(status)) return [];
      const media = isJsonObject(target.content) ? Object.values(target.content) : [];
      const content = this.content(target.content).map((entry, index): ResponseMedia => {
        return { ...entry, examples: this.examples(media[index]) };
      });
      return [{ status: status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(), content }];
    });
  }

  private examples(media: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
    if (!isJsonObject(media)) return {};
    const unnamed = media.example === undefined ? {} : { '': media.example };
    if (!isJsonObject(media.examples)) return unnamed;
    const named = Object.entries(media.examples).flatMap(([name, value]) => {
      const example = this.follow(value);
      return isJsonObject(example) && example.value !== undefined ? [[name, example.value] as const] : [];
    });
    return { ...unnamed, ...Object.fromEntries(named) };
  }

  /** Normalized; `true` for one against which no value can be checked. */
  private schema(value: JsonValue | undefined): JsonValue {
    const schema = normalizeSchema(value, this.context);
    const fault = this.checker.faultOf(schema);
    if (fault === null) return schema;
    this.context.remark(`a schema is not checked: ${fault.slice(0, 200)}`);
    return true;
  }

  private follow(value: JsonValue | undefined): JsonValue | undefined {
    return followReferences(this.root, value);
  }
}

function isPlace(value: JsonValue | undefined): value is ParameterPlace {
  return value === 'path' || value === 'query' || value === 'header' || value === 'cookie';
}

/** Which media types the parts of a form may have, where the document says so. */
function partTypesOf(encoding: JsonValue | undefined): Pick<MediaContract, 'partTypes'> {
  if (!isJsonObject(encoding)) return {};
  const entries = Object.entries(encoding).flatMap(([name, part]) =>
    isJsonObject(part) && typeof part.contentType === 'string'
      ? [[name, part.contentType.split(',').map(mediaTypeOf)] as const]
      : [],
  );
  return entries.length === 0 ? {} : { partTypes: Object.fromEntries(entries) };
}

/** The type without its parameters, in lower case. */
export function mediaTypeOf(text: string): string {
  return text.split(';', 1)[0]!.trim().toLowerCase();
}

/** True for a media type whose text is JSON. */
export function isJsonMedia(text: string): boolean {
  return /^[a-z0-9*.!#$&^_-]+\/([a-z0-9.!#$&^_-]+\+)?json$/.test(mediaTypeOf(text));
}
