import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../document/json-value.js';
import { diffDocuments } from './document-changes.js';

type Change = readonly [severity: string, place: string, message: string];

const shop = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  security: [{ key: [] }],
  servers: [{ url: 'https://shop.example' }],
  paths: {
    '/orders/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'getOrder',
        summary: 'One order',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
          { name: 'sort', in: 'query', schema: { enum: ['new', 'old'] } },
        ],
        responses: {
          200: {
            description: 'The order',
            headers: { ETag: { schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
          404: { description: 'None' },
        },
      },
      put: {
        operationId: 'putOrder',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
        },
        responses: { 204: { description: 'Done' } },
      },
    },
  },
  webhooks: {
    orderPaid: {
      post: {
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        responses: { 200: { description: 'Got it' } },
      },
    },
  },
  components: {
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' }, basic: { type: 'http', scheme: 'basic' } },
    schemas: {
      Order: {
        type: 'object',
        required: ['state'],
        properties: {
          id: { type: 'string', readOnly: true },
          state: { type: 'string', enum: ['open', 'paid'] },
          note: { type: 'string', maxLength: 100 },
          parent: { $ref: '#/components/schemas/Order' },
          items: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
          payment: { oneOf: [{ $ref: '#/components/schemas/Card' }, { $ref: '#/components/schemas/Cash' }] },
        },
      },
      Item: { type: 'object', properties: { sku: { type: 'string' }, count: { type: 'integer' } } },
      Card: { type: 'object', properties: { last4: { type: 'string' } } },
      Cash: { type: 'object', properties: { till: { type: 'string' } } },
      Voucher: { type: 'object', properties: { code: { type: 'string' } } },
    },
  },
};

/** A document that a test changes, by the names that the tests use. */
type ShopKey =
  | '/orders/{id}'
  | '200'
  | 0
  | 1
  | 'components'
  | 'schemas'
  | 'Order'
  | 'Item'
  | 'Card'
  | 'properties'
  | 'required'
  | 'state'
  | 'enum'
  | 'note'
  | 'items'
  | 'payment'
  | 'oneOf'
  | 'count'
  | 'paths'
  | 'parameters'
  | 'get'
  | 'put'
  | 'post'
  | 'responses'
  | 'content'
  | 'headers'
  | 'requestBody'
  | 'schema'
  | 'security'
  | 'servers'
  | 'info'
  | 'webhooks';
interface Shop extends Record<ShopKey, Shop> {}
const copyOfShop = () => structuredClone(shop) as unknown as Shop;
const set = (place: Shop, key: string, value: unknown) => void Object.assign(place, { [key]: value });
const drop = (place: Shop, key: string) => void Reflect.deleteProperty(place, key);
const push = (list: Shop, value: unknown) => void (list as unknown as unknown[]).push(value);

const orderOf = (document: Shop) => document['components'].schemas.Order;
const limitOf = (document: Shop) => document['paths']['/orders/{id}'].get.parameters[0];
const sortOf = (document: Shop) => document['paths']['/orders/{id}'].get.parameters[1];
const getOf = (document: Shop) => document['paths']['/orders/{id}'].get;
const putOf = (document: Shop) => document['paths']['/orders/{id}'].put;

/** The changes at one operation: GET reads orders, PUT sends them. */
function changesOf(change: (document: Shop) => void, method = 'GET', reversed = false): Change[] {
  const changed = copyOfShop();
  change(changed);
  const [from, to] = reversed ? [changed, copyOfShop()] : [copyOfShop(), changed];
  return diffDocuments(from as JsonObject, to as JsonObject)
    .changes.filter(({ operation }) => operation === null || operation.method === method)
    .map(({ severity, place, message }) => [severity, place, message]);
}

const READ = 'response 200 application/json';
const SENT = 'request body application/json';

/** What each change of the document is for those who read and for those who send; then the same taken back. */
const schemaCases: readonly (readonly [string, (document: Shop) => void, Change[], Change[], Change[], Change[]])[] = [
  [
    'a property that is added',
    (document) => set(orderOf(document).properties, 'extra', { type: 'string' }),
    [['non_breaking', 'extra', 'added']],
    [['non_breaking', 'extra', 'added']],
    [['breaking', 'extra', 'removed']],
    [['breaking', 'extra', 'removed']],
  ],
  [
    'a required property that is added',
    (document) => {
      set(orderOf(document).properties, 'extra', { type: 'string' });
      push(orderOf(document).required, 'extra');
    },
    [['non_breaking', 'extra', 'added, required']],
    [['breaking', 'extra', 'added, required']],
    [['breaking', 'extra', 'removed']],
    [['breaking', 'extra', 'removed']],
  ],
  [
    'a property that becomes required',
    (document) => push(orderOf(document).required, 'note'),
    [['non_breaking', 'note', 'is now required']],
    [['breaking', 'note', 'is now required']],
    [['breaking', 'note', 'is no longer required']],
    [['non_breaking', 'note', 'is no longer required']],
  ],
  [
    'a value that an enum gets',
    (document) => push(orderOf(document).properties.state.enum, 'void'),
    [['breaking', 'state', 'value "void" added']],
    [['non_breaking', 'state', 'value "void" added']],
    [['non_breaking', 'state', 'value "void" removed']],
    [['breaking', 'state', 'value "void" removed']],
  ],
  [
    'an enum',
    (document) => set(orderOf(document).properties.note, 'enum', ['a']),
    [['non_breaking', 'note', 'only "a" allowed']],
    [['breaking', 'note', 'only "a" allowed']],
    [['breaking', 'note', 'any value allowed, not only "a"']],
    [['non_breaking', 'note', 'any value allowed, not only "a"']],
  ],
  [
    'a bound that gets tighter',
    (document) => set(orderOf(document).properties.note, 'maxLength', 10),
    [['non_breaking', 'note', 'maxLength 100 → 10']],
    [['breaking', 'note', 'maxLength 100 → 10']],
    [['breaking', 'note', 'maxLength 10 → 100']],
    [['non_breaking', 'note', 'maxLength 10 → 100']],
  ],
  [
    'an integer that becomes any number',
    (document) => set(document['components'].schemas.Item.properties.count, 'type', 'number'),
    [['breaking', 'items[].count', 'type integer → number']],
    [['non_breaking', 'items[].count', 'type integer → number']],
    [['non_breaking', 'items[].count', 'type number → integer']],
    [['breaking', 'items[].count', 'type number → integer']],
  ],
  [
    'another type',
    (document) => set(document['components'].schemas.Item.properties.count, 'type', 'string'),
    [['breaking', 'items[].count', 'type integer → string']],
    [['breaking', 'items[].count', 'type integer → string']],
    [['breaking', 'items[].count', 'type string → integer']],
    [['breaking', 'items[].count', 'type string → integer']],
  ],
  [
    'null beside a type',
    (document) => set(orderOf(document).properties.note, 'type', ['string', 'null']),
    [['breaking', 'note', 'type string → string or null']],
    [['non_breaking', 'note', 'type string → string or null']],
    [['non_breaking', 'note', 'type string or null → string']],
    [['breaking', 'note', 'type string or null → string']],
  ],
  [
    'a pattern',
    (document) => set(orderOf(document).properties.note, 'pattern', '^a'),
    [['non_breaking', 'note', 'pattern "^a" added']],
    [['breaking', 'note', 'pattern "^a" added']],
    [['breaking', 'note', 'pattern "^a" removed']],
    [['non_breaking', 'note', 'pattern "^a" removed']],
  ],
  [
    'other properties that are refused',
    (document) => set(orderOf(document), 'additionalProperties', false),
    [['non_breaking', '', 'other properties are not allowed any more']],
    [['breaking', '', 'other properties are not allowed any more']],
    [['non_breaking', '', 'other properties are allowed now']],
    [['non_breaking', '', 'other properties are allowed now']],
  ],
  [
    'another way in a choice',
    (document) => push(orderOf(document).properties.payment.oneOf, { $ref: '#/components/schemas/Voucher' }),
    [['breaking', 'payment', 'choice Voucher added']],
    [['non_breaking', 'payment', 'choice Voucher added']],
    [['non_breaking', 'payment', 'choice Voucher removed']],
    [['breaking', 'payment', 'choice Voucher removed']],
  ],
  [
    'a choice that becomes one of its ways',
    (document) => set(orderOf(document).properties, 'payment', { $ref: '#/components/schemas/Card' }),
    [['non_breaking', 'payment', 'no longer one of Card, Cash']],
    [['breaking', 'payment', 'no longer one of Card, Cash']],
    [['breaking', 'payment', 'now one of Card, Cash']],
    [['non_breaking', 'payment', 'now one of Card, Cash']],
  ],
  [
    'another default',
    (document) => set(orderOf(document).properties.note, 'default', 'x'),
    [['docs', 'note', 'default none → "x"']],
    [['breaking', 'note', 'default none → "x"']],
    [['docs', 'note', 'default "x" → none']],
    [['breaking', 'note', 'default "x" → none']],
  ],
  [
    'words',
    (document) => set(orderOf(document).properties.note, 'description', 'Free text'),
    [['docs', 'note', 'description changed']],
    [['docs', 'note', 'description changed']],
    [['docs', 'note', 'description changed']],
    [['docs', 'note', 'description changed']],
  ],
  [
    'a property that is only read from now on',
    (document) => set(orderOf(document).properties.note, 'readOnly', true),
    [],
    [['breaking', 'note', 'removed']],
    [],
    [['non_breaking', 'note', 'added']],
  ],
];

const placed = (changes: Change[], place: string): Change[] =>
  changes.map(([severity, path, message]) => [severity, path === '' ? place : `${place} · ${path}`, message]);

const operationCases: readonly (readonly [string, (document: Shop) => void, Change[], Change[]])[] = [
  [
    'a parameter that becomes required',
    (document) => set(limitOf(document), 'required', true),
    [['breaking', 'query parameter limit', 'is now required']],
    [['non_breaking', 'query parameter limit', 'is no longer required']],
  ],
  [
    'an optional parameter',
    (document) => push(getOf(document).parameters, { name: 'q', in: 'query', schema: {} }),
    [['non_breaking', 'query parameter q', 'added, optional']],
    [['breaking', 'query parameter q', 'removed']],
  ],
  [
    'a required parameter',
    (document) => push(getOf(document).parameters, { name: 'Q', in: 'header', required: true, schema: {} }),
    [['breaking', 'header parameter Q', 'added, required']],
    [['breaking', 'header parameter Q', 'removed']],
  ],
  [
    'the enum of a parameter',
    (document) => push(sortOf(document).schema.enum, 'best'),
    [['non_breaking', 'query parameter sort', 'value "best" added']],
    [['breaking', 'query parameter sort', 'value "best" removed']],
  ],
  [
    'the type of a parameter',
    (document) => set(limitOf(document).schema, 'type', 'string'),
    [['breaking', 'query parameter limit', 'type integer → string']],
    [['breaking', 'query parameter limit', 'type string → integer']],
  ],
  [
    'how a parameter is written',
    (document) => set(sortOf(document), 'explode', false),
    [['breaking', 'query parameter sort', 'written as form, exploded → form']],
    [['breaking', 'query parameter sort', 'written as form → form, exploded']],
  ],
  [
    'a response',
    (document) => set(getOf(document).responses, '202', { description: 'Later' }),
    [['non_breaking', 'response 202', 'added']],
    [['breaking', 'response 202', 'removed']],
  ],
  [
    'the response of a refusal',
    (document) => set(getOf(document).responses, '409', { description: 'Conflict' }),
    [['non_breaking', 'response 409', 'added']],
    [['non_breaking', 'response 409', 'removed']],
  ],
  [
    'a header of a response',
    (document) => set(getOf(document).responses['200'].headers, 'Age', { schema: { type: 'integer' } }),
    [['non_breaking', 'response 200 header age', 'added']],
    [['breaking', 'response 200 header age', 'removed']],
  ],
  [
    'a media type of a response',
    (document) => set(getOf(document).responses['200'].content, 'text/csv', {}),
    [['non_breaking', 'response 200 text/csv', 'added']],
    [['breaking', 'response 200 text/csv', 'removed']],
  ],
  [
    'another way to show who calls',
    (document) => set(document, 'security', [{ key: [] }, { basic: [] }]),
    [['non_breaking', 'security', 'HTTP basic accepted']],
    [['breaking', 'security', 'HTTP basic is no longer enough: API key in header x-key']],
  ],
  [
    'no credential at all',
    (document) => set(getOf(document), 'security', []),
    [['non_breaking', 'security', 'no credential accepted']],
    [
      ['breaking', 'security', 'no credential is no longer enough: API key in header x-key'],
      ['non_breaking', 'security', 'API key in header x-key accepted'],
    ],
  ],
  [
    'a server',
    (document) => push(document['servers'], { url: 'https://eu.shop.example' }),
    [['non_breaking', 'servers', 'https://eu.shop.example added']],
    [['breaking', 'servers', 'https://eu.shop.example removed']],
  ],
  [
    'a deprecation',
    (document) => set(getOf(document), 'deprecated', true),
    [['non_breaking', '', 'is now deprecated']],
    [['non_breaking', '', 'is no longer deprecated']],
  ],
  [
    'the summary',
    (document) => set(getOf(document), 'summary', 'An order'),
    [['docs', '', 'summary changed']],
    [['docs', '', 'summary changed']],
  ],
  [
    'the version that the document names',
    (document) => set(document['info'], 'version', '2'),
    [['docs', 'info version', '1 → 2']],
    [['docs', 'info version', '2 → 1']],
  ],
];

describe('diffDocuments', () => {
  it.each(schemaCases)('judges %s for readers and senders', (_name, change, read, sent, readBack, sentBack) => {
    const mine = (changes: Change[]) => changes.filter(([, place]) => place.startsWith(READ) || place.startsWith(SENT));
    expect(mine(changesOf(change, 'GET'))).toEqual(placed(read, READ));
    expect(mine(changesOf(change, 'PUT'))).toEqual(placed(sent, SENT));
    expect(mine(changesOf(change, 'GET', true))).toEqual(placed(readBack, READ));
    expect(mine(changesOf(change, 'PUT', true))).toEqual(placed(sentBack, SENT));
  });

  it.each(operationCases)('judges %s, and the same taken back', (_name, change, there, back) => {
    expect(changesOf(change)).toEqual(there);
    expect(changesOf(change, 'GET', true)).toEqual(back);
  });

  it('judges what webhooks send as what their receivers read', () => {
    const changes = changesOf((document) => push(orderOf(document).properties.state.enum, 'void'), 'WEBHOOK');
    expect(changes).toEqual([['breaking', `${SENT} · state`, 'value "void" added']]);
  });

  it('judges request bodies that come, go and become required', () => {
    const optional = (document: Shop) => drop(putOf(document).requestBody, 'required');
    expect(changesOf(optional, 'PUT')).toEqual([['non_breaking', 'request body', 'is no longer required']]);
    expect(changesOf(optional, 'PUT', true)).toEqual([['breaking', 'request body', 'is now required']]);
    const none = (document: Shop) => drop(putOf(document), 'requestBody');
    expect(changesOf(none, 'PUT')).toEqual([['breaking', 'request body', 'removed']]);
    expect(changesOf(none, 'PUT', true)).toEqual([['breaking', 'request body', 'added, required']]);
  });

  it('tells of operations that come and go', () => {
    const gone = (document: Shop) => drop(document['paths']['/orders/{id}'], 'put');
    expect(changesOf(gone, 'PUT')).toEqual([['breaking', '', 'removed']]);
    expect(changesOf(gone, 'PUT', true)).toEqual([['non_breaking', '', 'added']]);
  });

  it('takes an operation for the same when a parameter of its path has another name', () => {
    const renamed = (document: Shop) => {
      const item = document['paths']['/orders/{id}'];
      set(item.parameters[0], 'name', 'order');
      set(document, 'paths', { '/orders/{order}': item });
    };
    expect(changesOf(renamed)).toEqual([
      ['docs', '', 'path /orders/{id} → /orders/{order}'],
      ['docs', 'path parameter order', 'was path parameter id'],
    ]);
  });

  it('sees nothing of servers and security behind a gateway', () => {
    const other = copyOfShop();
    set(other, 'servers', []);
    set(other, 'security', []);
    expect(
      diffDocuments(shop as unknown as JsonObject, other as JsonObject, { isBehindGateway: true }).changes,
    ).toEqual([]);
  });

  it('finds nothing where a document is only written in another way', () => {
    const inlined = changesOf((document) => {
      const { Item, Card } = document['components'].schemas;
      set(orderOf(document).properties.items, 'items', { allOf: [Item, { type: 'object' }] });
      set(orderOf(document).properties.payment.oneOf, '0', { allOf: [{ title: 'Card' }, Card], title: 'Card' });
    });
    expect(inlined.filter(([severity]) => severity !== 'docs')).toEqual([]);
  });

  it('compares 3.0 with 3.1 by what they mean', () => {
    const schema30 = {
      type: 'object',
      properties: {
        age: { type: 'integer', nullable: true, minimum: 0, exclusiveMinimum: true, example: 3 },
        owner: { $ref: '#/components/schemas/Owner', description: 'not read in 3.0' },
      },
    };
    const schema31 = {
      type: 'object',
      properties: {
        age: { anyOf: [{ type: 'integer', exclusiveMinimum: 0, examples: [3] }, { type: 'null' }] },
        owner: { $ref: '#/components/schemas/Owner' },
      },
    };
    const document = (openapi: string, schema: JsonObject) => ({
      openapi,
      info: { title: 'A', version: '1' },
      paths: {
        '/a': { get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } } },
      },
      components: { schemas: { Owner: { type: 'object', properties: { name: { type: 'string' } } } } },
    });
    expect(diffDocuments(document('3.0.3', schema30), document('3.1.0', schema31)).changes).toEqual([]);
  });

  it('comes to an end where allOf and properties lead back to each other', () => {
    const loops = (extra: object) => ({
      openapi: '3.1.0',
      info: { title: 'A', version: '1' },
      paths: {
        '/a': {
          get: {
            responses: {
              200: { description: '', content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
            },
          },
        },
      },
      components: {
        schemas: {
          A: {
            allOf: [{ $ref: '#/components/schemas/B' }, { $ref: '#/components/schemas/A' }],
            properties: { child: { allOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] } },
          },
          B: { properties: { child: { $ref: '#/components/schemas/A' }, ...extra } },
        },
      },
    });
    const { changes, isCutShort } = diffDocuments(loops({}), loops({ name: { type: 'string' } }));
    expect(isCutShort).toBe(false);
    expect(changes[0]).toMatchObject({ place: `${READ} · name`, message: 'added' });
    expect(changes.length).toBeLessThan(10);
  });

  it('bounds its work on documents that are made to take long', () => {
    const levels = 26;
    const schemas = (leaf: JsonValue): JsonObject =>
      Object.fromEntries(
        Array.from({ length: levels }, (_unused, level) => {
          const next: JsonValue = level === levels - 1 ? leaf : { $ref: `#/components/schemas/S${level + 1}` };
          return [`S${level}`, { type: 'object', properties: { a: next, b: next } }];
        }),
      );
    const document = (leaf: JsonValue): JsonObject => ({
      openapi: '3.0.3',
      info: { title: 'A', version: '1' },
      paths: {
        '/a': {
          get: {
            responses: {
              200: {
                description: '',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } },
              },
            },
          },
        },
      },
      components: { schemas: schemas(leaf) },
    });
    const startedMs = performance.now();
    const { changes } = diffDocuments(document({ type: 'string' }), document({ type: 'integer' }));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(changes).toHaveLength(1);
  });

  it('finds nothing between a document and itself, whatever its schemas', () => {
    fc.assert(
      fc.property(schemas, (made) => {
        const document = copyOfShop();
        Object.assign(document['components'].schemas, made);
        expect(diffDocuments(document as JsonObject, structuredClone(document) as JsonObject).changes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds in the other direction what it found in one, at the same places', () => {
    fc.assert(
      fc.property(schemas, schemas, (one, other) => {
        const [from, to] = [one, other].map((made) => {
          const document = copyOfShop();
          Object.assign(document['components'].schemas, made);
          return document as JsonObject;
        }) as [JsonObject, JsonObject];
        const placesOf = (changes: readonly { readonly place: string }[]) => [
          ...new Set(changes.map(({ place }) => place)),
        ];
        const there = placesOf(diffDocuments(from, to).changes);
        expect(placesOf(diffDocuments(to, from).changes).toSorted()).toEqual(there.toSorted());
      }),
      { numRuns: 200 },
    );
  });
});

/** Schemas of the document's names, which refer to each other. */
const name = fc.constantFrom('Order', 'Item', 'Card');
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({ $ref: name.map((one) => `#/components/schemas/${one}`) }),
    fc.record({ type: fc.constantFrom('string', 'integer', 'boolean'), description: fc.constantFrom('', 'words') }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 'b', 1, null), { minLength: 1 }) }),
    fc.record({ type: fc.constantFrom('number'), minimum: fc.integer(), maximum: fc.integer() }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema') as fc.Arbitrary<JsonObject>, {
        maxKeys: 3,
      }),
      required: fc.uniqueArray(fc.constantFrom('a', 'b')),
      additionalProperties: fc.boolean(),
    }),
    fc.record({ type: fc.constant('array'), items: tie('schema') as fc.Arbitrary<JsonObject> }),
    fc.record({ allOf: fc.array(tie('schema') as fc.Arbitrary<JsonObject>, { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema') as fc.Arbitrary<JsonObject>, { minLength: 1, maxLength: 3 }) }),
  ) as fc.Arbitrary<JsonObject>,
}));
/** As a parser makes them: the arbitraries' own objects may have no prototype, and are not equal to others then. */
const schemas = fc.record({ Order: schema, Item: schema, Card: schema }).map((made) => structuredClone(made));
