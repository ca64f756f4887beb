import { loadOpenApiDocument } from '#openapi';
import { expect, it } from 'vitest';
import { standInDocument } from './stand-in-document.js';

it('is a document of every method and of paths of up to eight segments', async () => {
  const { operations } = await loadOpenApiDocument(standInDocument('Orders: "all" of them # yes'));
  expect(operations).toHaveLength(9 * 6);
  expect(new Set(operations.map(({ template }) => template.split('/').length))).toEqual(
    new Set([2, 3, 4, 5, 6, 7, 8, 9]),
  );
  expect(operations.at(-1)).toMatchObject({ method: 'OPTIONS', template: '/{s1}/{s2}/{s3}/{s4}/{s5}/{s6}/{s7}/{s8}' });
});

it('may be of one path and some methods only', async () => {
  const { operations } = await loadOpenApiDocument(standInDocument('Login', ['GET', 'POST'], 0));
  expect(operations.map(({ method, template }) => `${method} ${template}`)).toEqual(['GET /', 'POST /']);
});
