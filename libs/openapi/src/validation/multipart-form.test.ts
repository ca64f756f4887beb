import { describe, expect, it } from 'vitest';
import { contractFromDocument } from '../contract/contract-from-document.js';
import { readOpenApiDocument } from '../document/read-open-api-document.js';
import { parseMultipartForm } from './multipart-form.js';
import { RequestValidators } from './request-validator.js';

const contentType = 'multipart/form-data; boundary=x-1';
const part = (head: string, body: string) => `--x-1\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
const form = (...parts: string[]) => Buffer.from(`${parts.join('')}--x-1--\r\n`);

describe('a form in parts', () => {
  it('is read with names, files, types and bytes as they are', () => {
    const bytes = form(
      'before\r\n',
      part('name="a"', 'one\r\n--x-not'),
      part('name="b\\"c"; filename="d.bin"\r\nContent-Type: image/png', '\u0000\r\n\r\n'),
    );
    expect(parseMultipartForm(bytes, 'multipart/form-data; boundary="x-1"')).toEqual([
      { name: 'a', isFile: false, type: null, bytes: Buffer.from('one\r\n--x-not') },
      { name: 'b"c', isFile: true, type: 'image/png', bytes: Buffer.from('\u0000\r\n\r\n') },
    ]);
    expect(parseMultipartForm(form(), contentType)).toEqual([]);
  });

  it.each([
    ['without a boundary', form(part('name="a"', '1')), 'multipart/form-data'],
    ['without an end', Buffer.from(part('name="a"', '1')), contentType],
    ['without a name', form(part('filename="a"', '1')), contentType],
    [
      'of another disposition',
      Buffer.from('--x-1\r\nContent-Disposition: inline; name=a\r\n\r\n1\r\n--x-1--'),
      contentType,
    ],
    ['without a head', Buffer.from('--x-1\r\n1\r\n--x-1--'), contentType],
    ['that is none', Buffer.from('{"a":1}'), contentType],
    ['of very many parts', form(...Array.from({ length: 1_001 }, () => part('name="a"', '1'))), contentType],
  ])('%s is none', (_, bytes, type) => {
    expect(parseMultipartForm(bytes, type)).toBe(null);
  });
});

describe('a form in parts against its document', () => {
  const schema = {
    type: 'object',
    required: ['title', 'photo'],
    additionalProperties: false,
    properties: {
      title: { type: 'string', maxLength: 5 },
      size: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
      place: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
      photo: { type: 'string', format: 'binary', maxLength: 8 },
    },
  };
  const document = readOpenApiDocument({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a': {
        post: {
          operationId: 'op',
          requestBody: {
            required: true,
            content: { 'multipart/form-data': { schema, encoding: { photo: { contentType: 'image/*, text/plain' } } } },
          },
          responses: {},
        },
      },
    },
  });
  const validator = new RequestValidators(contractFromDocument(document, { isMocked: false }).contract).of('op')!;
  const faults = (bytes: Buffer) =>
    validator.checkBody({ contentType, bytes }).map(({ pointer, message }) => `${pointer ?? ''}: ${message}`);
  const photo = (body = 'abc', type = 'image/png') => part(`name="photo"; filename="p"\r\nContent-Type: ${type}`, body);
  const title = part('name="title"', 'one');

  it('passes with fields of every kind', () => {
    const tags = [part('name="tags"', 'a'), part('name="tags"', 'b')];
    const place = part('name="place"', '{"x":1.5}');
    expect(faults(form(title, photo(), part('name="size"', '12'), ...tags, place))).toEqual([]);
    expect(faults(form(title, photo(), part('name="tags"', 'a')))).toEqual([]);
  });

  it.each<[string, Buffer, string[]]>([
    ['a field that is missing', form(title), [": must have required property 'photo'"]],
    [
      'a field that is not described',
      form(title, photo(), part('name="other"', '1')),
      [': must NOT have additional properties: "other"'],
    ],
    ['a field of another type', form(title, photo(), part('name="size"', 'big')), ['/size: must be integer']],
    [
      'a text that is too long',
      form(part('name="title"', 'longer'), photo()),
      ['/title: must NOT have more than 5 characters'],
    ],
    ['a file that is too long', form(title, photo('123456789')), ['/photo: must NOT have more than 8 characters']],
    [
      'a file of another type',
      form(title, photo('a', 'application/zip')),
      ['/photo: must have one of these media types: image/*, text/plain'],
    ],
    [
      'too many of one name',
      form(title, photo(), ...'abc'.split('').map((tag) => part('name="tags"', tag))),
      ['/tags: must NOT have more than 2 items'],
    ],
    [
      'a part that is not the JSON that it must be',
      form(title, photo(), part('name="place"', '{x')),
      ['/place: is not text/plain'],
    ],
    [
      'a part of JSON with a fault',
      form(title, photo(), part('name="place"\r\nContent-Type: application/json', '{}')),
      ["/place: must have required property 'x'"],
    ],
    ['what is no form', Buffer.from('title=one'), [': is not multipart/form-data']],
  ])('tells of %s', (_, bytes, expected) => {
    expect(faults(bytes)).toEqual(expected);
  });
});
