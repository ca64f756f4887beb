import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryPackage, libraryPolicy, libraryRoutes } from '../../../../test/support/grpc-library.js';
import { MalformedAnswerError, OversizedAnswerError } from '../translation-fault.js';
import type { RestRequest } from '../rest-request.js';
import { compileGrpc } from './compile-grpc.js';

const { operations } = compileGrpc(libraryPolicy(), libraryRoutes);
const operation = (name: string, policy = libraryPolicy()) => compileGrpc(policy, libraryRoutes).operations.get(name)!;

interface Method {
  readonly requestDeserialize: (bytes: Buffer) => Record<string, unknown>;
  readonly responseSerialize: (value: object) => Buffer;
}
const method = (name: string) => (libraryPackage['library.v1.Library'] as unknown as Record<string, Method>)[name]!;

const request = (parts: Partial<{ path: Record<string, string>; query: string; body: unknown }>): RestRequest => ({
  pathParameters: new Map(Object.entries(parts.path ?? {})),
  query: [...new URLSearchParams(parts.query ?? '')],
  body: parts.body,
});

/** What a server reads out of the translated request; the faults where there is none. */
function sent(name: string, of: string, parts: Parameters<typeof request>[0], made = operations.get(name)!): unknown {
  const translated = made.translate(request(parts));
  if (!('body' in translated)) return translated;
  expect(translated.path).toBe(`/library.v1.Library/${of}`);
  expect(translated.body.readUIntBE(0, 1)).toBe(0);
  expect(translated.body.readUInt32BE(1)).toBe(translated.body.length - 5);
  return method(of).requestDeserialize(translated.body.subarray(5));
}

describe('a request as a message', () => {
  it('has fields from the path, in which an encoded slash makes no segment', () => {
    expect(sent('getBook', 'GetBook', { path: { shelf: 'a b', book: '7/é' } })).toEqual({
      name: 'shelves/a b/books/7%2Fé',
    });
    expect(sent('deleteBook', 'DeleteBook', { path: { name: 'a/b' } })).toEqual({ name: 'a/b' });
  });

  it('has fields from the query: nested, repeated, by either name, of all kinds', () => {
    const query =
      'limit=3&filter.genre=SCIENCE&filter.inPrint=true&filter.tags=a&filter.tags=b%26c&filter.since=2026-01-02T03:04:05Z&filter.isbn=9007199254740993';
    expect(sent('listBooks', 'ListBooks', { path: { shelf: 's' }, query })).toEqual({
      shelf: 's',
      limit: 3,
      filter: {
        genre: 'SCIENCE',
        in_print: { value: true },
        tags: ['a', 'b&c'],
        since: { seconds: '1767323045' },
        isbn: '9007199254740993',
      },
    });
    expect(
      sent('listBooks', 'ListBooks', { path: { shelf: 's' }, query: 'filter.genre=1&filter.in_print=false' }),
    ).toEqual({ shelf: 's', filter: { genre: 'FICTION', in_print: {} } });
  });

  it('has its field from the body, and what the path says holds', () => {
    const body = JSON.parse('{"title":"T","isbn":"12345678901234567890"}') as object;
    expect(sent('createBook', 'CreateBook', { path: { shelf: 's' }, body })).toEqual([
      { in: 'body', message: expect.stringContaining('isbn') as string },
    ]);
    expect(
      sent('createBook', 'CreateBook', { path: { shelf: 's' }, query: 'dryRun=true', body: { title: 'T', pages: 3 } }),
    ).toEqual({ shelf: 's', dry_run: true, book: { title: 'T', pages: 3 } });
    const named = { name: 'other', title: 'T' };
    expect(
      sent('updateBook', 'UpdateBook', { path: { id: 'mine' }, query: 'mask=title,inPrint', body: named }),
    ).toEqual({
      book: { name: 'mine', title: 'T' },
      update_mask: { paths: ['title', 'in_print'] },
    });
    expect(sent('countTags', 'CountTags', { body: { tags: ['x'] } })).toEqual({ tags: ['x'] });
    expect(sent('countTags', 'CountTags', {})).toEqual({});
  });

  it('keeps all digits of whole numbers that JavaScript does not', () => {
    const body = {
      isbn: JSON.parse('1', () =>
        (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('9223372036854775807'),
      ) as unknown,
    };
    expect(sent('createBook', 'CreateBook', { path: { shelf: 's' }, body })).toMatchObject({
      book: { isbn: '9223372036854775807' },
    });
  });

  it.each([
    ['listBooks', { path: { shelf: 's' }, query: 'nothing=1' }, { in: 'query', name: 'nothing' }],
    ['listBooks', { path: { shelf: 's' }, query: 'shelf=other' }, { in: 'query', name: 'shelf' }],
    ['listBooks', { path: { shelf: 's' }, query: 'limit=-1' }, { in: 'query', name: 'limit' }],
    ['listBooks', { path: { shelf: 's' }, query: 'limit=1&limit=2' }, { in: 'query', name: 'limit' }],
    ['listBooks', { path: { shelf: 's' }, query: 'filter=x' }, { in: 'query', name: 'filter' }],
    ['listBooks', { path: { shelf: 's' }, query: 'labels=x' }, { in: 'query', name: 'labels' }],
    ['listBooks', { path: { shelf: 's' }, query: 'filter.inPrint=yes' }, { in: 'query', name: 'filter.inPrint' }],
    ['listBooks', { path: { shelf: 's' }, query: 'filter.genre=POETRY' }, { in: 'query', name: 'filter.genre' }],
    ['listBooks', { path: { shelf: 's' }, query: 'filter.since=monday' }, { in: 'query', name: 'filter.since' }],
    ['listBooks', { path: { shelf: 's' }, query: '__proto__.x=1' }, { in: 'query', name: '__proto__.x' }],
    ['listBooks', { path: { shelf: 's' }, body: {} }, { in: 'body' }],
    ['createBook', { path: { shelf: 's' }, body: [] }, { in: 'body' }],
    ['createBook', { path: { shelf: 's' }, body: { titel: 'x' } }, { in: 'body' }],
    ['createBook', { path: { shelf: 's' }, body: { pages: 1, url: 'x' } }, { in: 'body' }],
    ['createBook', { path: { shelf: 's' }, body: { cover: '***' } }, { in: 'body' }],
    ['createBook', { path: { shelf: 's' }, query: 'book.title=x', body: {} }, { in: 'query', name: 'book.title' }],
    ['countTags', { query: 'tags=x' }, { in: 'query', name: 'tags' }],
  ])('of %s with %j is refused, and it is said where', (name, parts, fault) => {
    expect(operations.get(name)!.translate(request(parts))).toEqual([expect.objectContaining(fault)]);
  });

  it('may have what the message does not, where the publisher says so', () => {
    const lenient = operation('createBook', libraryPolicy({ unknownFields: 'ignore' }));
    const parts = { path: { shelf: 's' }, query: 'utm=x', body: { title: 'T', more: 1 } };
    expect(sent('createBook', 'CreateBook', parts, lenient)).toEqual({ shelf: 's', book: { title: 'T' } });
  });

  it('is refused where it is nested too deep', () => {
    let book: object = { title: 'last' };
    for (let level = 0; level < 200; level++) book = { sequel: book };
    expect(operations.get('createBook')!.translate(request({ path: { shelf: 's' }, body: book }))).toMatchObject([
      { in: 'body', message: expect.stringContaining('recursion') as string },
    ]);
  });
});

describe('a message as an answer', () => {
  const book = { name: 'n', isbn: '9007199254740993', genre: 'FICTION', cover: Buffer.from([1, 2]), tags: ['a'] };

  it('is JSON as protobuf has it', () => {
    const bytes = method('GetBook').responseSerialize({
      ...book,
      published_at: { seconds: 1767323045, nanos: 500_000_000 },
      loan: { seconds: 60 },
      copies: { value: '3' },
      // From a descriptor set, protobufjs reads maps as lists of their entries.
      extra: { fields: [{ key: 'a', value: { list_value: { values: [{ number_value: 1 }, { null_value: 0 }] } } }] },
    });
    expect(JSON.parse(operations.get('getBook')!.bodyOf(bytes).bytes.toString())).toEqual({
      name: 'n',
      isbn: '9007199254740993',
      genre: 'FICTION',
      cover: 'AQI=',
      tags: ['a'],
      publishedAt: '2026-01-02T03:04:05.500Z',
      loan: '60s',
      copies: '3',
      extra: { a: [1, null] },
    });
  });

  it('has defaults, and the names of the .proto file, where the publisher wants them', () => {
    const wordy = operation('getBook', libraryPolicy({ emitsDefaults: true, fieldNames: 'proto' }));
    expect(JSON.parse(wordy.bodyOf(Buffer.alloc(0)).bytes.toString())).toMatchObject({
      title: '',
      isbn: '0',
      genre: 'GENRE_UNSPECIFIED',
      in_print: false,
      tags: [],
      stock: {},
    });
  });

  it('is one field of it, or the bytes that it carries, where the method says so', () => {
    const counted = method('CountTags').responseSerialize({ tags: [{ key: 'a', value: 2 }] });
    expect(operations.get('countTags')!.bodyOf(counted).bytes.toString()).toBe('{"a":2}');
    expect(operations.get('countTags')!.bodyOf(Buffer.alloc(0)).bytes.toString()).toBe('{}');
    const cover = method('GetCover').responseSerialize({ content_type: 'image/png', data: Buffer.from('png') });
    expect(operations.get('getCover')!.bodyOf(cover)).toEqual({ contentType: 'image/png', bytes: Buffer.from('png') });
  });

  it('is malformed when it is none', () => {
    const deep = (levels: number): Buffer => {
      let bytes: Buffer = Buffer.alloc(0);
      for (let level = 0; level < levels; level++)
        bytes = Buffer.concat([Buffer.from([0x82, 0x01, ...varint(bytes.length)]), bytes]);
      return bytes;
    };
    for (const bytes of [Buffer.from([0xff]), Buffer.from([0x0a, 0x05, 0x41]), Buffer.from([0x0a, 1, 0xff]), deep(500)])
      expect(() => operations.get('getBook')!.bodyOf(bytes)).toThrow(MalformedAnswerError);
  });
});

describe('a message that would be far more than its bytes', () => {
  const wordy = operation('getBook', libraryPolicy({ emitsDefaults: true }));
  /** Of a `Struct`: so many entries without name and value. */
  const values = (count: number) => Buffer.from('0a00'.repeat(count), 'hex');
  const book = (field: number, content: Buffer) =>
    Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(content.length)]), content]);
  const sequel = (levels: number, content: Buffer): Buffer =>
    levels === 0 ? content : sequel(levels - 1, book(16, content));

  it('is refused before it is made, in messages, maps and values of any kind', () => {
    const entries = values(300_000);
    for (const bytes of [book(11, entries), sequel(3, book(11, entries))])
      expect(() => operations.get('getBook')!.bodyOf(Buffer.concat([bytes, bytes]))).toThrow(OversizedAnswerError);
    expect(() => wordy.bodyOf(book(11, values(600_000)))).toThrow(OversizedAnswerError);
  });

  it('is refused for what defaults would make of it', () => {
    // A sequel after the other in one field is merged, but read one by one: each counts.
    const sequels = book(16, Buffer.alloc(0));
    const many = Buffer.concat(Array.from({ length: 40_000 }, () => sequels));
    expect(() => wordy.bodyOf(many)).toThrow(OversizedAnswerError);
    expect(operations.get('getBook')!.bodyOf(many).bytes.toString()).toBe('{"sequel":{}}');
  });

  it('is not one that is only large', () => {
    const large = book(2, Buffer.alloc(2_000_000, 'a'));
    expect(operations.get('getBook')!.bodyOf(large).bytes.length).toBe(2_000_012);
    expect(wordy.bodyOf(large).bytes.length).toBeGreaterThan(2_000_012);
    const covers = book(5, Buffer.alloc(2_000_000));
    expect(operations.get('getBook')!.bodyOf(covers).bytes.length).toBeGreaterThan(2_600_000);
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

describe('any book', () => {
  const name = fc.constantFrom('a', 'b', 'é', '__proto__', 'constructor');
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
  const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed());
  const aBook = fc.record(
    {
      title: text.filter((value) => value !== ''),
      isbn: int64.filter((value) => value !== '0'),
      genre: fc.constantFrom('FICTION', 'SCIENCE'),
      cover: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      tags: fc.array(text, { minLength: 1 }),
      stock: fc.dictionary(name, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), {
        minKeys: 1,
        noNullPrototype: true,
      }),
      price: fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0),
        fc.constantFrom('NaN', 'Infinity', '-Infinity'),
      ),
      inPrint: fc.constant(true),
      pages: fc.integer({ min: 0, max: 1000 }),
      copies: int64,
      sequel: fc.record({ title: fc.constant('next') }),
    },
    { requiredKeys: [] },
  );

  it('comes back as it was sent, over the bytes of another implementation', () => {
    fc.assert(
      fc.property(aBook, (book) => {
        const read = sent('createBook', 'CreateBook', { path: { shelf: 's' }, body: book }) as { book?: object };
        const bytes = method('CreateBook').responseSerialize(read.book ?? {});
        expect(JSON.parse(operations.get('getBook')!.bodyOf(bytes).bytes.toString())).toEqual(book);
      }),
    );
  });
});
