import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { OpenApiDocumentError } from './open-api-document-error.js';
import type { HttpMethod, Operation } from './open-api-document.js';
import { pathTemplateFault, pathTemplateShape } from './path-template.js';
import { followReferences } from './references.js';

const METHODS: ReadonlyMap<string, HttpMethod> = new Map([
  ['get', 'GET'],
  ['put', 'PUT'],
  ['post', 'POST'],
  ['delete', 'DELETE'],
  ['options', 'OPTIONS'],
  ['head', 'HEAD'],
  ['patch', 'PATCH'],
  ['trace', 'TRACE'],
]);

/**
 * The operations under `paths`, in the order of the document.
 * @throws OpenApiDocumentError for a path template that is wrong or doubled, an operation that is no object, or a
 * name that two operations share.
 */
export function readOperations(document: JsonObject): Operation[] {
  const paths = document.paths;
  if (paths === undefined) return [];
  if (!isJsonObject(paths)) throw structure('"paths" must be an object');
  const operations: Operation[] = [];
  const templateByShape = new Map<string, string>();
  for (const [template, value] of Object.entries(paths)) {
    if (template.startsWith('x-')) continue;
    checkTemplate(template, templateByShape);
    operations.push(...readPathItem(document, template, value));
  }
  checkNames(operations);
  return operations;
}

/** The name by which plans and meters select an operation: its operationId, else method and template. */
export function operationName(operation: Operation): string {
  return operation.operationId ?? `${operation.method} ${operation.template}`;
}

function readPathItem(document: JsonObject, template: string, value: JsonValue): Operation[] {
  const pathItem = followReferences(document, value);
  if (!isJsonObject(pathItem)) throw structure(`the path "${template}" must be an object`);
  const operations: Operation[] = [];
  for (const [key, operation] of Object.entries(pathItem)) {
    const method = METHODS.get(key);
    if (method !== undefined) operations.push(readOperation(method, template, operation));
  }
  return operations;
}

function readOperation(method: HttpMethod, template: string, value: JsonValue): Operation {
  const place = `${method} ${template}`;
  if (!isJsonObject(value)) throw structure(`the operation ${place} must be an object`);
  const { operationId, summary, tags, deprecated } = value;
  if (operationId !== undefined && (typeof operationId !== 'string' || operationId.trim() === '')) {
    throw structure(`the operationId of ${place} must be a text that is not empty`);
  }
  if (tags !== undefined && !isTextList(tags)) throw structure(`the tags of ${place} must be a list of texts`);
  return {
    operationId: operationId ?? null,
    method,
    template,
    summary: typeof summary === 'string' ? summary : null,
    tags: tags ?? [],
    deprecated: deprecated === true,
  };
}

function checkTemplate(template: string, templateByShape: Map<string, string>): void {
  const fault = pathTemplateFault(template);
  if (fault !== null) throw new OpenApiDocumentError('openapi_invalid_path', `The path "${template}" ${fault}.`);
  const shape = pathTemplateShape(template);
  const twin = templateByShape.get(shape);
  if (twin !== undefined) {
    throw new OpenApiDocumentError(
      'openapi_invalid_path',
      `The paths "${twin}" and "${template}" match the same requests. Keep one of them.`,
    );
  }
  templateByShape.set(shape, template);
}

function checkNames(operations: readonly Operation[]): void {
  const firstByName = new Map<string, Operation>();
  for (const operation of operations) {
    const name = operationName(operation);
    const first = firstByName.get(name);
    if (first !== undefined) {
      throw new OpenApiDocumentError(
        'openapi_duplicate_operation_id',
        `${first.method} ${first.template} and ${operation.method} ${operation.template} are both called "${name}". ` +
          'Give each operation an operationId of its own.',
      );
    }
    firstByName.set(name, operation);
  }
}

function isTextList(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function structure(fault: string): OpenApiDocumentError {
  return new OpenApiDocumentError('openapi_structure', `The document is not valid OpenAPI: ${fault}.`);
}
