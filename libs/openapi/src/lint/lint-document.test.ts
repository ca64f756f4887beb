import { describe, expect, it } from 'vitest';
import { loadOpenApiDocument } from '../load-open-api-document.js';
import { lintDocument } from './lint-document.js';

const operation = (more: object = {}) => ({
  operationId: 'getNow',
  summary: 'Now',
  responses: { 200: { description: 'ok' }, 404: { description: 'none' } },
  ...more,
});
const documentWith = (get: object) =>
  loadOpenApiDocument(
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Weather', version: '1' },
      servers: [{ url: 'https://example.com/' }],
      paths: { '/now': { get } },
    }),
  );

describe('what a document could say better', () => {
  it('is nothing for one that says all, whatever it says of its place and its credentials', async () => {
    const document = await documentWith(operation({ security: [{ key: [] }] }));
    expect(await lintDocument(document)).toEqual({ problems: [], isCutShort: false });
  });

  it('is told with the rule and the place, errors first', async () => {
    const document = await documentWith(operation({ summary: undefined, responses: { 200: { description: 'ok' } } }));
    const { problems } = await lintDocument(document);
    expect(problems.map(({ rule, severity, pointer }) => [severity, rule, pointer])).toEqual([
      ['error', 'operation-summary', '#/paths/~1now/get/summary'],
      ['warn', 'operation-4xx-response', '#/paths/~1now/get/responses'],
    ]);
    expect(problems[0]!.message).toContain('summary');
  });

  it('is cut short at two hundred', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 201 }, (_, index) => [
        `/p${index}`,
        { get: { operationId: `op${index}`, responses: operation().responses } },
      ]),
    );
    const source = { openapi: '3.1.0', info: { title: 'Many', version: '1' }, servers: [], paths };
    const { problems, isCutShort } = await lintDocument(await loadOpenApiDocument(JSON.stringify(source)));
    expect([problems.length, isCutShort]).toEqual([200, true]);
  });

  it('is left out when it takes too long, such as for a pattern that never ends', async () => {
    const schema = { type: 'string', pattern: '^(a+)+$', example: `${'a'.repeat(40)}!` };
    const content = { 'text/plain': { schema } };
    const document = await documentWith(operation({ responses: { 200: { description: 'ok', content } } }));
    expect(await lintDocument(document, { timeoutMs: 1_000 })).toEqual({ problems: [], isCutShort: true });
  });
});
