import { describe, expect, it } from 'vitest';
import { callRequest, initialValues } from './call-request.js';
import { curlOf } from './curl.js';
import { operationForm } from './operation-form.js';
import { MAX_CHOICES } from './schema-kind.js';

const documentOf = (operation: object, rest: object = {}, template = '/roads/{id}', method = 'post') => ({
  openapi: '3.1.0',
  paths: { [template]: { [method]: { operationId: 'build', ...operation } } },
  ...rest,
});
const formOf = (operation: object, rest: object = {}) => operationForm(documentOf(operation, rest), 'build')!;
const parameter = (changes: object) => ({ name: 'one', in: 'query', schema: { type: 'string' }, ...changes });
const fieldOf = (changes: object, rest: object = {}) =>
  formOf({ parameters: [parameter(changes)] }, rest).parameters[0]!;
const jsonBody = (schema: object, more: object = {}) => ({
  requestBody: { content: { 'application/json': { schema, ...more } } },
});
const bodyText = (schema: object, rest: object = {}) => formOf(jsonBody(schema), rest).bodies[0]!.initial;

describe('the form of an operation', () => {
  it('is found by the id of the operation, or by method and template', () => {
    const document = { paths: { '/a': { get: { operationId: 'readA' }, put: { summary: 'Put' } } } };
    expect(operationForm(document, 'readA')).toMatchObject({ method: 'GET', template: '/a', title: 'readA' });
    expect(operationForm(document, 'PUT /a')).toMatchObject({ method: 'PUT', title: 'Put' });
    expect(operationForm(document, 'GET /a')).toBeNull();
    expect(operationForm(document, 'constructor')).toBeNull();
  });

  it.each([
    ['a text', { schema: { type: 'string', format: 'uuid' } }, { kind: 'text', hint: 'uuid' }],
    ['a whole number', { schema: { type: 'integer', minimum: 1, maximum: 50 } }, { kind: 'integer', hint: '1 to 50' }],
    ['a number or null', { schema: { type: ['null', 'number'] } }, { kind: 'number' }],
    ['yes or no', { schema: { type: 'boolean' } }, { kind: 'boolean' }],
    ['a choice', { schema: { enum: ['a', 2, 'a'] } }, { kind: 'choice', choices: ['a', '2'] }],
    ['one value only', { schema: { const: 7 } }, { kind: 'choice', choices: ['7'] }],
    ['a list', { schema: { type: 'array', items: { type: 'string' } } }, { kind: 'list' }],
    ['a list of objects', { schema: { type: 'array', items: { type: 'object' } } }, { kind: 'json' }],
    ['an object', { schema: { type: 'object' } }, { kind: 'json' }],
    ['JSON by its media type', { content: { 'application/json': { schema: {} } } }, { kind: 'json' }],
    ['anything', { schema: {} }, { kind: 'text' }],
  ])('asks for %s', (_what, changes, expected) => {
    expect(fieldOf(changes)).toMatchObject(expected);
  });

  it('fills in what is required from example, default or choices, and shows the rest as an example', () => {
    const schema = { type: 'string', default: 'd', enum: ['c', 'd'] };
    expect(fieldOf({ required: true, example: 'c', schema })).toMatchObject({ initial: 'c' });
    expect(fieldOf({ required: true, schema })).toMatchObject({ initial: 'd' });
    expect(fieldOf({ schema })).toMatchObject({ initial: '', example: 'd' });
    expect(fieldOf({ required: true, examples: { x: { value: 5 } } })).toMatchObject({ initial: '5' });
    expect(fieldOf({ required: true })).toMatchObject({ initial: '' });
    expect(fieldOf({ required: true, schema: { type: 'integer', minimum: 3 } })).toMatchObject({ initial: '3' });
  });

  it('takes the parameters of the path too, the operation’s own in their place, those of the path first', () => {
    const document = {
      paths: {
        '/roads/{id}': {
          parameters: [parameter({ description: 'of the path' }), { $ref: '#/components/parameters/Id' }],
          get: { operationId: 'build', parameters: [parameter({ description: '**of** `it`' })] },
        },
      },
      components: { parameters: { Id: { name: 'id', in: 'path', schema: { type: 'integer' } } } },
    };
    expect(operationForm(document, 'build')!.parameters).toMatchObject([
      { name: 'id', place: 'path', isRequired: true, kind: 'integer' },
      { name: 'one', place: 'query', description: 'of it' },
    ]);
  });

  it('leaves out what is sent by other means', () => {
    const parameters = ['Authorization', 'Accept', 'Content-Type', 'X-Api-Key'].map((name) =>
      parameter({ name, in: 'header' }),
    );
    expect(formOf({ parameters: [...parameters, parameter({ in: 'cookie' })] }).parameters).toEqual([]);
  });

  it('fills in a body by its example, else by its schema, with what is needed and can be written', () => {
    expect(formOf(jsonBody({}, { example: { a: 1 } })).bodies[0]!.initial).toBe('{\n  "a": 1\n}');
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { on: { type: 'boolean' } }, required: ['on'] }],
    };
    const Base = {
      type: 'object',
      required: ['name', 'id', 'tags'],
      properties: {
        id: { type: 'string', readOnly: true },
        name: { type: 'string' },
        tags: { type: 'array', items: { enum: ['x'] } },
        optional: { type: 'string' },
      },
    };
    expect(JSON.parse(bodyText(schema, { components: { schemas: { Base } } }))).toEqual({
      name: 'string',
      tags: ['x'],
      on: true,
    });
  });

  it('names the media types that only a program can send', () => {
    const content = {
      'multipart/form-data': {},
      'application/x-www-form-urlencoded': { schema: { properties: { a: {} } } },
    };
    const form = formOf({ requestBody: { required: true, content } });
    expect(form.bodies).toEqual([
      { mediaType: 'application/x-www-form-urlencoded', kind: 'form', initial: 'a=string' },
    ]);
    expect(form).toMatchObject({ isBodyRequired: true, otherMediaTypes: ['multipart/form-data'] });
  });
});

describe('a hostile document', () => {
  const loop = { type: 'object', properties: { next: { $ref: '#/components/schemas/Loop' } } };

  it('with schemas that go round costs no more than others', () => {
    const text = bodyText({ $ref: '#/components/schemas/Loop' }, { components: { schemas: { Loop: loop } } });
    expect(text.match(/next/g)!.length).toBeLessThanOrEqual(8);
    const self = { components: { schemas: { Loop: { $ref: '#/components/schemas/Loop' } } } };
    expect(bodyText({ $ref: '#/components/schemas/Loop' }, self)).toBe('"string"');
  });

  it('that grows with each level is cut', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`p${index}`, { $ref: '#/components/schemas/Wide' }]),
    );
    const rest = { components: { schemas: { Wide: { type: 'object', properties } } } };
    const startedMs = performance.now();
    expect(bodyText({ $ref: '#/components/schemas/Wide' }, rest).length).toBeLessThanOrEqual(100_000);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('with a huge enumeration gets a field to type into', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    expect(fieldOf({ schema: { enum: values(MAX_CHOICES) } }).kind).toBe('choice');
    expect(fieldOf({ schema: { enum: values(100_000) } })).toMatchObject({
      kind: 'text',
      choices: [],
      hint: 'one of 100000 values',
    });
  });

  it('with thousands of parameters shows some of them, and says so', () => {
    const parameters = Array.from({ length: 5_000 }, (_, index) => parameter({ name: `p${index}` }));
    const form = formOf({ parameters });
    expect(form.parameters.length).toBe(80);
    expect(form.isCut).toBe(true);
  });

  it.each([
    ['numbers where texts belong', { summary: 1, parameters: [{ name: 2, in: 'query' }, 3, null], requestBody: 4 }],
    ['references to nowhere', { parameters: [{ $ref: '#/nowhere' }, { $ref: 'http://x.example/a' }, { $ref: '#/%' }] }],
    ['lists where objects belong', { requestBody: { content: { 'application/json': [] } }, parameters: {} }],
    ['names of the language itself', { parameters: [parameter({ name: '__proto__' })], ...jsonBody(proto()) }],
  ])('with %s has a form all the same', (_what, operation) => {
    const form = operationForm(documentOf(operation), 'build');
    expect(form).not.toBeNull();
    expect(Object.getPrototypeOf(initialValues(form!).parameters)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  function proto(): object {
    return JSON.parse('{"allOf":[{"properties":{"__proto__":{"default":{"polluted":true}}}}]}') as object;
  }
});

describe('the call of a form', () => {
  const form = formOf({
    parameters: [
      parameter({ name: 'id', in: 'path', schema: { type: 'string' } }),
      parameter({ name: 'tags', schema: { type: 'array', items: { type: 'string' } } }),
      parameter({ name: 'few', explode: false, schema: { type: 'array', items: { type: 'string' } } }),
      parameter({ name: 'where', style: 'deepObject', schema: { type: 'object' } }),
      parameter({ name: 'limit', schema: { type: 'integer' } }),
      parameter({ name: 'X-Trace', in: 'header' }),
    ],
    requestBody: { content: { 'application/json': { schema: {} } } },
  });
  const written = (parameters: Record<string, string>, text = '{}') =>
    callRequest(form, { parameters, body: { form: form.bodies[0]!, text } });

  it('has each value in its place, encoded', () => {
    expect(
      written(
        {
          'path id': 'a/b c?é',
          'query tags': 'x, y&z',
          'query few': '1,2',
          'query where': '{"a":"b c","n":1}',
          'query limit': '',
          'header X-Trace': 'one',
        },
        '{"a":1}',
      ).request,
    ).toEqual({
      method: 'POST',
      path: '/roads/a%2Fb%20c%3F%C3%A9?tags=x&tags=y%26z&few=1,2&where%5Ba%5D=b%20c&where%5Bn%5D=1',
      headers: [
        { name: 'X-Trace', value: 'one' },
        { name: 'content-type', value: 'application/json' },
      ],
      body: '{"a":1}',
    });
  });

  it('says what must be mended first, and where', () => {
    expect(written({ 'query limit': '1.5', 'header X-Trace': 'a\r\nb', 'query where': '{' }, '{"a":').faults).toEqual({
      'path id': 'This is needed.',
      'query limit': 'A whole number is needed.',
      'header X-Trace': 'A header has plain letters, digits and signs only.',
      'query where': 'This is not JSON.',
      body: 'This is not JSON: look for a comma or a quote that is missing.',
    });
    expect(written({ 'path id': '..' }).faults).toHaveProperty(['path id']);
  });

  it('has form fields as a form has them', () => {
    const fields = formOf({ requestBody: { content: { 'application/x-www-form-urlencoded': { schema: {} } } } });
    const { request } = callRequest(fields, {
      parameters: {},
      body: { form: fields.bodies[0]!, text: 'a=1 2\nb=x=y\n' },
    });
    expect(request!.body).toBe('a=1+2&b=x%3Dy');
  });

  it('is copied for a shell with a placeholder for the key, and nothing in it ends its quotes', () => {
    const { request } = written({ 'path id': "it's", 'header X-Trace': "'; rm -rf ~ #" }, '"@file \'$(id)\'"');
    expect(curlOf('https://gateway.example/v1', request!)).toBe(
      [
        "curl --request POST 'https://gateway.example/v1/roads/it%27s' \\",
        "  --header 'x-api-key: YOUR_API_KEY' \\",
        String.raw`  --header 'X-Trace: '\''; rm -rf ~ #' \ `.trimEnd(),
        "  --header 'content-type: application/json' \\",
        String.raw`  --data-raw '"@file '\''$(id)'\''"' \ `.trimEnd(),
        '  --include',
      ].join('\n'),
    );
  });
});
