import type { HttpMethod, OpenApiDocument } from './open-api-document.js';
import { operationName } from './read-operations.js';

/** What a gateway needs to know of an operation to route to it and to meter it. */
export interface DocumentRoute {
  readonly method: HttpMethod;
  readonly template: string;
  /** The operationId, or "METHOD /template" where the document gives none; unique in the document. */
  readonly operation: string;
}

/** One route for each operation, in the order of the document. */
export function routesFromDocument(document: OpenApiDocument): DocumentRoute[] {
  return document.operations.map((operation) => ({
    method: operation.method,
    template: operation.template,
    operation: operationName(operation),
  }));
}
