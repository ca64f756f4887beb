import { type JsonObject, type JsonValue, resolveReference } from '#openapi';
import type { SampleCall } from './code-samples.js';
import { listOf, objectOf, textOf } from './json-tree.js';

const MAX_DEPTH = 6;

/** Where an operation stands in its document. */
export interface OperationPlace {
  readonly method: string;
  readonly template: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
}

/** A call of the operation with every required parameter, and with its body where one is described as JSON. */
export function sampleCall(document: JsonObject, baseUrl: string, place: OperationPlace): SampleCall {
  const parameters = [...listOf(place.item['parameters']), ...listOf(place.operation['parameters'])].map((parameter) =>
    follow(document, parameter),
  );
  const valueOf = (name: string) => parameterValue(document, parameters.find((one) => one['name'] === name) ?? {});
  const path = place.template.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(valueOf(name)));
  const query = parameters
    .filter((parameter) => parameter['in'] === 'query' && parameter['required'] === true)
    .map((parameter) => `${textOf(parameter['name'])}=${encodeURIComponent(parameterValue(document, parameter))}`);
  return {
    method: place.method.toUpperCase(),
    url: baseUrl + path + (query.length > 0 ? `?${query.join('&')}` : ''),
    body: bodyOf(document, place.operation),
  };
}

function bodyOf(document: JsonObject, operation: JsonObject): string | null {
  const media = objectOf(objectOf(follow(document, operation['requestBody'])['content'])['application/json']);
  if (Object.keys(media).length === 0) return null;
  return JSON.stringify(given(document, media) ?? sample(document, media['schema'], 0), null, 2);
}

function parameterValue(document: JsonObject, parameter: JsonObject): string {
  const value = given(document, parameter) ?? sample(document, parameter['schema'], 0);
  const plain = Array.isArray(value) ? ((value as readonly JsonValue[])[0] ?? '') : value;
  return typeof plain === 'object' || plain === null ? JSON.stringify(plain) : String(plain);
}

/** The example that the publisher gives, if any. */
function given(document: JsonObject, described: JsonObject): JsonValue | undefined {
  if (described['example'] !== undefined) return described['example'];
  const [first] = Object.values(objectOf(described['examples']));
  return first === undefined ? undefined : follow(document, first)['value'];
}

/** A value that looks like what the schema asks for: the required properties only, where there are any. */
function sample(document: JsonObject, described: JsonValue | undefined, depth: number): JsonValue {
  const schema = follow(document, described);
  const [example] = listOf(schema['examples']);
  const known = schema['example'] ?? example ?? schema['default'] ?? schema['const'] ?? listOf(schema['enum'])[0];
  if (known !== undefined || depth > MAX_DEPTH) return known ?? null;
  const [part] = [...listOf(schema['allOf']), ...listOf(schema['oneOf']), ...listOf(schema['anyOf'])];
  if (part !== undefined) return sample(document, part, depth + 1);
  const type = Array.isArray(schema['type']) ? listOf(schema['type'])[0] : schema['type'];
  if (type === 'array') return [sample(document, schema['items'], depth + 1)];
  if (type === 'integer' || type === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
  if (type === 'boolean') return true;
  if (type === 'object' || schema['properties'] !== undefined) return sampleObject(document, schema, depth);
  return 'string';
}

function sampleObject(document: JsonObject, schema: JsonObject, depth: number): JsonObject {
  const properties = Object.entries(objectOf(schema['properties']));
  const required = listOf(schema['required']);
  const shown = required.length > 0 ? properties.filter(([name]) => required.includes(name)) : properties;
  return Object.fromEntries(shown.map(([name, property]) => [name, sample(document, property, depth + 1)]));
}

function follow(document: JsonObject, value: JsonValue | undefined): JsonObject {
  let current = objectOf(value);
  for (let hop = 0; hop < MAX_DEPTH && typeof current['$ref'] === 'string'; hop++) {
    current = objectOf(resolveReference(document, current['$ref']));
  }
  return current;
}
