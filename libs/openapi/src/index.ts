export { OpenApiDocumentError, type OpenApiDocumentErrorCode } from './document/open-api-document-error.js';
export type { HttpMethod, OpenApiDocument, OpenApiInfo, Operation } from './document/open-api-document.js';
export type { JsonObject, JsonValue } from './document/json-value.js';
export { readOpenApiDocument } from './document/read-open-api-document.js';
export { type DocumentRoute, routesFromDocument } from './document/routes-from-document.js';
export { resolveReference } from './document/references.js';
export { sanitizeForDisplay } from './display/sanitize-for-display.js';
export { loadOpenApiDocument } from './load-open-api-document.js';
export { MAX_DOCUMENT_BYTES, MAX_DOCUMENT_DEPTH } from './source/parse-source.js';
