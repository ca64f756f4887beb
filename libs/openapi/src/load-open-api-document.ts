import type { OpenApiDocument } from './document/open-api-document.js';
import { readOpenApiDocument } from './document/read-open-api-document.js';
import { parseSource } from './source/parse-source.js';

/**
 * Reads an OpenAPI 3.0.x or 3.1.x document from YAML or JSON text in UTF-8. The source is treated as hostile: it is
 * parsed in a thread of its own with bounds on size (10 MiB), depth (100), values, aliases, memory and time, and no
 * reference may lead out of it. Nothing is ever fetched.
 * @throws OpenApiDocumentError with a code that says which bound or rule was broken, and a message that says where.
 */
export async function loadOpenApiDocument(source: string | Buffer): Promise<OpenApiDocument> {
  return readOpenApiDocument(await parseSource(source));
}
