import type { JsonObject, JsonValue } from '#openapi';
import { inlineSchema, resolveReference } from '#openapi';
import { listOf, objectOf, textOf } from '../docs/json-tree.js';

/** An operation as its document describes it. */
export interface DescribedOperation {
  readonly method: string;
  readonly template: string;
  /** The operationId, or "METHOD /template". */
  readonly name: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const MAX_HOPS = 8;

/** The operations of a document that can be called, in its order. */
export function operationsOf(document: JsonObject): DescribedOperation[] {
  return Object.entries(objectOf(document['paths'])).flatMap(([template, value]) => {
    const item = follow(document, value);
    return METHODS.flatMap((key) => {
      if (item[key] === undefined) return [];
      const operation = objectOf(item[key]);
      const method = key.toUpperCase();
      return [{ method, template, name: textOf(operation['operationId']) || `${method} ${template}`, item, operation }];
    });
  });
}

/** The one with the name, which is an operationId or "METHOD /template"; undefined for none. */
export function operationNamed(document: JsonObject, name: string): DescribedOperation | undefined {
  const all = operationsOf(document);
  return all.find((one) => one.name === name) ?? all.find(({ method, template }) => `${method} ${template}` === name);
}

/** A parameter with its schema, in which nothing is referred to. */
export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonValue;
}

/** Those of the operation take the place of those of the path with the same name and place. */
export function parametersOf(document: JsonObject, { item, operation }: DescribedOperation): DescribedParameter[] {
  const byPlace = new Map<string, DescribedParameter>();
  for (const value of [...listOf(item['parameters']), ...listOf(operation['parameters'])]) {
    const parameter = follow(document, value);
    const [name, place] = [textOf(parameter['name']), textOf(parameter['in'])];
    const [media] = Object.values(objectOf(parameter['content']));
    byPlace.set(`${place} ${name}`, {
      name,
      in: place,
      required: parameter['required'] === true || place === 'path',
      description: textOf(parameter['description']),
      schema: inlineSchema(document, parameter['schema'] ?? objectOf(media)['schema'], { maxSchemas: 60 }),
    });
  }
  return [...byPlace.values()];
}

export interface DescribedBody {
  readonly required: boolean;
  readonly description: string;
  /** By media type. */
  readonly content: Readonly<Record<string, JsonValue>>;
}

/** The body that an operation takes; null for none. */
export function bodyOf(document: JsonObject, { operation }: DescribedOperation): DescribedBody | null {
  if (operation['requestBody'] === undefined) return null;
  const body = follow(document, operation['requestBody']);
  return {
    required: body['required'] === true,
    description: textOf(body['description']),
    content: contentOf(document, body, 300),
  };
}

/** What an operation answers: schemas of successes, only words of refusals. */
export function responsesOf(
  document: JsonObject,
  { operation }: DescribedOperation,
): { readonly status: string; readonly description: string; readonly content?: Readonly<Record<string, JsonValue>> }[] {
  return Object.entries(objectOf(operation['responses']))
    .slice(0, 30)
    .map(([status, value]) => {
      const response = follow(document, value);
      const description = textOf(response['description']);
      return status.startsWith('2')
        ? { status, description, content: contentOf(document, response, 200) }
        : { status, description };
    });
}

function contentOf(document: JsonObject, described: JsonObject, maxSchemas: number): Record<string, JsonValue> {
  const entries = Object.entries(objectOf(described['content'])).slice(0, 5);
  return Object.fromEntries(
    entries.map(([type, media]) => [type, inlineSchema(document, objectOf(media)['schema'], { maxSchemas })]),
  );
}

function follow(document: JsonObject, value: JsonValue | undefined): JsonObject {
  let current = objectOf(value);
  for (let hop = 0; hop < MAX_HOPS && typeof current['$ref'] === 'string'; hop++) {
    current = objectOf(resolveReference(document, current['$ref']));
  }
  return current;
}
