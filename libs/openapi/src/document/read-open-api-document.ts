import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { OpenApiDocumentError } from './open-api-document-error.js';
import type { OpenApiDocument, OpenApiInfo } from './open-api-document.js';
import { readOperations } from './read-operations.js';
import { checkReferences } from './references.js';

/**
 * Checks a document that is already parsed, for example one that was loaded, stored as JSON and read back. What comes
 * from outside goes through `loadOpenApiDocument`, which also bounds size, depth and aliases.
 * @throws OpenApiDocumentError for a version other than 3.0.x or 3.1.x, a missing part, a reference that leads out of
 * the document or nowhere, a wrong path template, or an operation name used twice.
 */
export function readOpenApiDocument(value: JsonValue): OpenApiDocument {
  if (!isJsonObject(value)) {
    throw new OpenApiDocumentError('openapi_structure', 'The document must be an object with the key "openapi".');
  }
  const openapi = readVersion(value);
  const info = readInfo(value);
  if (openapi.startsWith('3.0.') && !isJsonObject(value.paths)) {
    throw new OpenApiDocumentError('openapi_structure', 'OpenAPI 3.0 requires the object "paths". Add it.');
  }
  checkReferences(value);
  return { openapi, info, document: value, operations: readOperations(value) };
}

function readVersion(document: JsonObject): string {
  const { openapi, swagger } = document;
  if (typeof openapi === 'string' && /^3\.[01]\.\d+(-[\w.]+)?$/.test(openapi)) return openapi;
  throw new OpenApiDocumentError('openapi_version_unsupported', versionFault(openapi, swagger));
}

function versionFault(openapi: JsonValue | undefined, swagger: JsonValue | undefined): string {
  if (openapi === undefined && swagger !== undefined) {
    return 'This is a Swagger 2.0 document. Convert it to OpenAPI 3.0 or 3.1 and upload the result.';
  }
  if (openapi === undefined) return 'The key "openapi" is missing. Begin the document with "openapi: 3.1.0".';
  if (typeof openapi === 'string' && /^\d+\.\d+\.\d+/.test(openapi)) {
    return `OpenAPI ${openapi.slice(0, 20)} is not supported. Use 3.0.x or 3.1.x.`;
  }
  return '"openapi" must be a version with three parts, such as "3.1.0".';
}

function readInfo(document: JsonObject): OpenApiInfo {
  const info = document.info;
  if (!isJsonObject(info)) {
    throw new OpenApiDocumentError('openapi_structure', 'The object "info" with "title" and "version" is missing.');
  }
  const { title, version, description } = info;
  if (typeof title !== 'string' || title.trim() === '') {
    throw new OpenApiDocumentError('openapi_structure', '"info.title" must be a text that is not empty.');
  }
  if (typeof version !== 'string' || version.trim() === '') {
    throw new OpenApiDocumentError('openapi_structure', '"info.version" must be a text: put it in quotes ("1.0").');
  }
  return { title, version, description: typeof description === 'string' ? description : null };
}
