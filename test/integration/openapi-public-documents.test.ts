import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonObject, diffDocuments, loadOpenApiDocument, routesFromDocument, sanitizeForDisplay } from '#openapi';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIRECTORY = path.resolve(ROOT, '../shared/openapi');
const DOCUMENTS = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).filter((name) => /\.(ya?ml|json)$/.test(name)) : [];

describe('documents of public APIs', () => {
  it.skipIf(DOCUMENTS.length === 0)(
    DOCUMENTS.length === 0 ? `need a folder of OpenAPI documents at ${DIRECTORY}` : 'are there',
    () => {
      expect(DOCUMENTS).not.toHaveLength(0);
    },
  );

  it.each(DOCUMENTS)('%s loads, has a route for every operation, can be shown and compared', async (name) => {
    const loaded = await loadOpenApiDocument(readFileSync(path.join(DIRECTORY, name)));
    expect(loaded.openapi).toMatch(/^3\.[01]\./);
    const routes = routesFromDocument(loaded);
    expect(routes.length).toBeGreaterThan(0);
    expect(new Set(routes.map((route) => route.operation)).size).toBe(routes.length);

    const shown = sanitizeForDisplay(loaded.document);
    expect(Object.keys(shown.paths ?? {})).toEqual(Object.keys(loaded.document.paths ?? {}));
    expect(JSON.stringify(shown)).not.toMatch(/<script|javascript:/i);

    const copy = structuredClone(loaded.document);
    expect(diffDocuments(loaded.document, copy)).toEqual({ changes: [], isCutShort: false });
    const text = JSON.stringify(loaded.document).replaceAll('"type":"string"', '"type":"integer"');
    const { changes } = diffDocuments(loaded.document, JSON.parse(text) as JsonObject);
    expect(changes.filter(({ severity }) => severity === 'breaking').length).toBeGreaterThan(50);
  });
});
