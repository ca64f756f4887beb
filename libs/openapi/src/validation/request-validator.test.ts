import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { contractFromDocument } from '../contract/contract-from-document.js';
import type { JsonValue } from '../document/json-value.js';
import { readOpenApiDocument } from '../document/read-open-api-document.js';
import { type OperationValidator, RequestValidators } from './request-validator.js';

interface Described {
  readonly openapi?: string;
  readonly parameters?: JsonValue;
  readonly requestBody?: JsonValue;
  readonly schemas?: JsonValue;
}

function extracted({ openapi = '3.1.0', parameters = [], requestBody, schemas = {} }: Described) {
  const operation = { operationId: 'op', parameters, ...(requestBody === undefined ? {} : { requestBody }) };
  const document = readOpenApiDocument({
    openapi,
    info: { title: 'T', version: '1' },
    paths: { '/a/{id}': { post: { ...operation, responses: {} } } },
    components: { schemas },
  });
  return contractFromDocument(document, { isMocked: false });
}

function validatorOf(described: Described): OperationValidator {
  return new RequestValidators(extracted(described).contract).of('op')!;
}

interface Request {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const parts = ({ path = {}, query = '', headers = {} }: Request) => ({
  pathParameters: new Map(Object.entries(path)),
  query,
  header: (name: string) => headers[name] ?? null,
});

function parameterFaults(parameter: object, request: Request, schemas: JsonValue = {}): string[] {
  const validator = validatorOf({ parameters: [parameter as JsonValue], schemas });
  return validator
    .checkParameters(parts(request))
    .map((one) => `${one.in} ${one.name}${one.pointer ?? ''}: ${one.message}`);
}

function bodyFaults(schema: JsonValue, body: unknown, described: Described = {}): string[] {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const violations = validatorOf({ ...described, requestBody }).checkBody({ contentType: 'application/json', bytes });
  return violations.map(({ pointer, message }) => `${pointer ?? ''}: ${message}`);
}

describe('parameters', () => {
  const ids = { type: 'array', items: { type: 'integer' }, maxItems: 3 };
  const point = { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'boolean' } }, required: ['x'] };

  it.each([
    ['form', true, 'ids=1&ids=2&other=x'],
    ['form', false, 'ids=1,2'],
    ['spaceDelimited', false, 'ids=1%202'],
    ['pipeDelimited', false, 'ids=1|2'],
  ])('reads lists of style %s, explode %s, from queries', (style, explode, query) => {
    const parameter = { name: 'ids', in: 'query', style, explode, schema: ids };
    expect(parameterFaults(parameter, { query })).toEqual([]);
    expect(parameterFaults(parameter, { query: query.replace(/2(?!0)/, 'two') })).toEqual([
      'query ids/1: must be integer',
    ]);
  });

  it.each([
    ['form', true, 'x=1&y=true'],
    ['form', false, 'at=x,1,y,true'],
    ['deepObject', true, 'at[x]=1&at%5By%5D=true'],
  ])('reads objects of style %s, explode %s, from queries', (style, explode, query) => {
    const parameter = { name: 'at', in: 'query', style, explode, schema: point };
    expect(parameterFaults(parameter, { query })).toEqual([]);
    expect(parameterFaults(parameter, { query: query.replace('true', 'maybe') })).toEqual([
      'query at/y: must be boolean',
    ]);
  });

  it.each([
    ['simple', false, '1,2'],
    ['label', true, '.1.2'],
    ['label', false, '.1,2'],
    ['matrix', true, ';id=1;id=2'],
    ['matrix', false, ';id=1,2'],
  ])('reads lists of style %s, explode %s, from paths', (style, explode, raw) => {
    const parameter = { name: 'id', in: 'path', required: true, style, explode, schema: ids };
    expect(parameterFaults(parameter, { path: { id: raw } })).toEqual([]);
    expect(parameterFaults(parameter, { path: { id: raw.replace('2', 'b') } })).toEqual(['path id/1: must be integer']);
  });

  it('reads header fields, cookies and JSON, and decodes what is encoded', () => {
    const text = { type: 'string', enum: ['a b&'] };
    expect(
      parameterFaults(
        { name: 'X-At', in: 'header', explode: true, schema: point },
        { headers: { 'x-at': 'x=1,y=true' } },
      ),
    ).toEqual([]);
    expect(
      parameterFaults({ name: 'c', in: 'cookie', schema: text }, { headers: { cookie: 'z=1; c=a%20b%26' } }),
    ).toEqual([]);
    expect(parameterFaults({ name: 'id', in: 'path', schema: text }, { path: { id: 'a%20b%26' } })).toEqual([]);
    const json = { name: 'q', in: 'query', content: { 'application/json': { schema: point } } };
    expect(parameterFaults(json, { query: 'q=%7B%22x%22%3A1%7D' })).toEqual([]);
    expect(parameterFaults(json, { query: 'q=%7B' })).toEqual(['query q: is not encoded as it must be']);
  });

  it('asks for those that are required, and lets the others be absent', () => {
    expect(parameterFaults({ name: 'q', in: 'query', required: true, schema: {} }, {})).toEqual([
      'query q: is required',
    ]);
    expect(parameterFaults({ name: 'q', in: 'query', schema: { type: 'integer' } }, {})).toEqual([]);
    const empty = { name: 'q', in: 'query', allowEmptyValue: true, schema: { type: 'integer' } };
    expect(parameterFaults(empty, { query: 'q' })).toEqual([]);
    expect(parameterFaults({ ...empty, allowEmptyValue: false }, { query: 'q=' })).toEqual([
      'query q: must be integer',
    ]);
  });

  it('takes a text for what the schema can mean by it, and for nothing else', () => {
    const either = {
      oneOf: [
        { type: 'integer', minimum: 10 },
        { type: 'string', enum: ['auto', '1'] },
      ],
    };
    const faults = (query: string, schema: object = either) =>
      parameterFaults({ name: 'q', in: 'query', schema }, { query });
    expect([faults('q=12'), faults('q=auto'), faults('q=1')]).toEqual([[], [], []]);
    expect(faults('q=2')).not.toEqual([]);
    for (const text of ['0x10', '1e', ' 1', '01', 'Infinity', ''])
      expect(faults(`q=${encodeURIComponent(text)}`, { type: 'number' })).toEqual(['query q: must be number']);
    expect(faults('q=%ff', { type: 'string' })).toEqual(['query q: is not encoded as it must be']);
  });

  it('follows references, and ignores the fields that OpenAPI describes elsewhere', () => {
    const schemas = { Id: { type: 'integer', maximum: 5 } };
    const parameter = { name: 'id', in: 'query', schema: { $ref: '#/components/schemas/Id' } };
    expect(parameterFaults(parameter, { query: 'id=5' }, schemas)).toEqual([]);
    expect(parameterFaults(parameter, { query: 'id=6' }, schemas)).toEqual(['query id: must be <= 5']);
    expect(parameterFaults({ name: 'Accept', in: 'header', required: true, schema: {} }, {})).toEqual([]);
  });
});

describe('a body', () => {
  it('is checked with every fault and its place', () => {
    const schema = {
      type: 'object',
      required: ['name', 'toString'],
      properties: { name: { type: 'string' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
      additionalProperties: false,
    };
    expect(bodyFaults(schema, { tags: ['a', 'c'], more: 1 }).toSorted()).toEqual([
      '/tags/1: must be equal to one of the allowed values: ["a","b"]',
      ': must NOT have additional properties: "more"',
      ": must have required property 'name'",
      ": must have required property 'toString'",
    ]);
  });

  it('must be there when it is required, have a media type that is described, and be what it says', () => {
    const validator = validatorOf({
      requestBody: { required: true, content: { 'application/json': {}, 'text/*': {} } },
    });
    const check = (contentType: string | null, text: string) =>
      validator.checkBody({ contentType, bytes: Buffer.from(text) }).map(({ message }) => message);
    expect(validator.checkBody(null)).toEqual([{ in: 'body', message: 'is required' }]);
    expect(check('application/json', '')).toEqual(['is required']);
    expect(check('application/json; charset=utf-8', '{')).toEqual(['is not application/json']);
    expect(check('text/plain', '{')).toEqual([]);
    expect(check('application/xml', '<a/>')).toEqual(['must have one of these media types: application/json, text/*']);
    expect(validatorOf({}).describesBody).toBe(false);
  });

  it('may be a form', () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' }, t: { type: 'array', items: { type: 'boolean' } } },
    };
    const validator = validatorOf({ requestBody: { content: { 'application/x-www-form-urlencoded': { schema } } } });
    const check = (text: string) =>
      validator.checkBody({ contentType: 'application/x-www-form-urlencoded', bytes: Buffer.from(text) });
    expect(check('n=1&t=true&t=false')).toEqual([]);
    expect(check('n=one')).toEqual([{ in: 'body', pointer: '/n', message: 'must be integer' }]);
    expect(check('n=%f')).toHaveLength(1);
  });

  it('must not have what is only read, which is not required either', () => {
    const schema = {
      type: 'object',
      required: ['id', 'at', 'name'],
      properties: { id: { type: 'string', readOnly: true }, at: { $ref: '#/components/schemas/At' }, name: {} },
    };
    const schemas = { At: { type: 'string', readOnly: true } };
    expect(bodyFaults(schema, { name: 1 }, { schemas })).toEqual([]);
    expect(bodyFaults(schema, { name: 1, id: 'x', at: 'y' }, { schemas })).toEqual([
      '/id: is read-only and must not be sent',
      '/at: is read-only and must not be sent',
    ]);
  });

  it('is checked in the dialect of its OpenAPI version', () => {
    const old = { type: 'integer', nullable: true, minimum: 1, exclusiveMinimum: true, enum: [1, 2] };
    expect(bodyFaults(old, null, { openapi: '3.0.3' })).toEqual([]);
    expect(bodyFaults(old, 2, { openapi: '3.0.3' })).toEqual([]);
    expect(bodyFaults(old, 1, { openapi: '3.0.3' })).toEqual([': must be > 1']);
    const schemas = { A: { type: 'integer' } };
    const beside = { $ref: '#/components/schemas/A', minimum: 5 };
    expect(bodyFaults(beside, 1, { openapi: '3.0.3', schemas })).toEqual([]);
    expect(bodyFaults(beside, 1, { schemas })).toEqual([': must be >= 5']);
    expect(bodyFaults({ type: ['integer', 'null'], exclusiveMinimum: 1, prefixItems: [] }, null)).toEqual([]);
  });

  it('may have a schema that contains itself', () => {
    const schemas = {
      Node: { type: 'object', required: ['v'], properties: { v: {}, next: { $ref: '#/components/schemas/Node' } } },
    };
    const schema = { $ref: '#/components/schemas/Node' };
    expect(bodyFaults(schema, { v: 1, next: { v: 1, next: { v: 2 } } }, { schemas })).toEqual([]);
    expect(bodyFaults(schema, { v: 1, next: { v: 1, next: {} } }, { schemas })).toEqual([
      "/next/next: must have required property 'v'",
    ]);
  });
});

describe('a hostile document or body', () => {
  const within = (milliseconds: number, check: () => unknown) => {
    const startedAt = performance.now();
    const result = check();
    expect(performance.now() - startedAt).toBeLessThan(milliseconds);
    return result;
  };

  it('cannot make a pattern take longer than the text is long', () => {
    const schema = { type: 'string', pattern: '^(a+)+$' };
    expect(within(2_000, () => bodyFaults(schema, JSON.stringify(`${'a'.repeat(100_000)}b`)))).toHaveLength(1);
    expect(bodyFaults(schema, '"aaa"')).toEqual([]);
  });

  it('cannot make formats or unique lists take long', () => {
    const text = `${'a'.repeat(500_000)}@`;
    expect(within(2_000, () => bodyFaults({ type: 'string', format: 'email' }, JSON.stringify(text)))).toHaveLength(1);
    const list = Array.from({ length: 50_000 }, (_unused, index) => ({ index }));
    expect(within(5_000, () => bodyFaults({ type: 'array', uniqueItems: true }, list))).toEqual([]);
    expect(
      bodyFaults({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toEqual([': must NOT have duplicate items']);
  });

  it('cannot make a check try without end, nor exhaust the stack', () => {
    const self = { $ref: '#/components/schemas/Twice' };
    const schemas = {
      Twice: {
        oneOf: [
          { type: 'array', items: self },
          { type: 'array', items: self, minItems: 0 },
        ],
      },
    };
    const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(within(5_000, () => bodyFaults(self, deep(60), { schemas }))).toEqual([': is too complex to be checked']);
    const once = { Once: { type: 'array', items: { $ref: '#/components/schemas/Once' } } };
    const faults = within(5_000, () =>
      bodyFaults({ $ref: '#/components/schemas/Once' }, deep(15_000), { schemas: once }),
    );
    expect(faults).toEqual([': is too complex to be checked']);
  });

  it('is told which rules are left out', () => {
    const { remarks } = extracted({
      parameters: [{ name: 'q', in: 'query', schema: { type: 'string', pattern: '(?=a)b' } }],
      requestBody: { content: { 'application/json': { schema: { unevaluatedProperties: false } } } },
    });
    expect(remarks).toEqual([
      'POST /a/{id}: the pattern "(?=a)b" is not checked: it has what no linear-time engine can do',
      'POST /a/{id}: "unevaluatedProperties" is not checked',
    ]);
  });
});

describe('a contract', () => {
  it('holds only the schemas that operations lead to', () => {
    const { contract } = extracted({
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
      schemas: { A: { items: { $ref: '#/components/schemas/B' } }, B: { example: 'x', description: 'y' }, C: {} },
    });
    expect(contract.schemas).toEqual({
      '#/components/schemas/A': '{"items":{"reference":"#/components/schemas/B"}}',
      '#/components/schemas/B': '{}',
    });
  });
});

describe('the validators of a large document', () => {
  const size = 40;
  const schemas = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [
      `S${index}`,
      {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, next: { $ref: `#/components/schemas/S${index + 1}` } },
      },
    ]),
  );
  const described: Described = {
    parameters: [{ name: 'a', in: 'query', schema: { type: 'integer' } }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } } },
    schemas: { ...schemas, [`S${size}`]: { type: 'object' } },
  };
  let nested: unknown = {};
  for (let index = 0; index < size; index++) nested = { id: 1, next: nested };
  const check = (validators: RequestValidators) => {
    const bytes = Buffer.from(JSON.stringify(nested));
    const validator = validators.of('op')!;
    const ofParameters = validator.checkParameters(parts({ query: 'a=x' }));
    return [...ofParameters, ...validator.checkBody({ contentType: 'application/json', bytes })];
  };

  it('compile one schema a step, and nothing is left for the first request', () => {
    const compile = vi.spyOn(Ajv2020.prototype, 'compile');
    try {
      const { contract } = extracted(described);
      const cold = new RequestValidators(contract);
      compile.mockClear();
      const violations = check(cold);
      expect(compile.mock.calls.length).toBeGreaterThan(size);
      const prepared = new RequestValidators(contract);
      for (const steps = prepared.prepare(); ;) {
        compile.mockClear();
        const isDone = steps.next().done;
        expect(compile.mock.calls.length).toBeLessThanOrEqual(1);
        if (isDone) break;
      }
      compile.mockClear();
      expect(check(prepared)).toEqual(violations);
      expect(compile).not.toHaveBeenCalled();
    } finally {
      compile.mockRestore();
    }
  });

  it('answer the same when a request comes in the middle of it', () => {
    const { contract } = extracted(described);
    const steps = new RequestValidators(contract);
    const preparing = steps.prepare();
    for (let step = 0; step < size / 2; step++) preparing.next();
    const violations = check(steps);
    expect(violations).toEqual(check(new RequestValidators(contract)));
    while (!preparing.next().done);
    expect(check(steps)).toEqual(violations);
  });

  it('are told from those of a document that says something else', () => {
    const { contract } = extracted(described);
    const validators = new RequestValidators(contract);
    expect(validators.isFor(extracted(described).contract)).toBe(true);
    expect(validators.isFor(extracted({ ...described, parameters: [] }).contract)).toBe(false);
    const changed = { ...(described.schemas as object), S1: { type: 'string' } } as JsonValue;
    expect(validators.isFor(extracted({ ...described, schemas: changed }).contract)).toBe(false);
  });
});
