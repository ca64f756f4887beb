import { describe, expect, it } from 'vitest';
import { contractFromDocument } from '../contract/contract-from-document.js';
import type { JsonValue } from '../document/json-value.js';
import { readOpenApiDocument } from '../document/read-open-api-document.js';
import { MockAnswers, type MockWishes } from './mock-answers.js';

function answersOf(responses: JsonValue, components: JsonValue = {}, openapi = '3.1.0') {
  const document = readOpenApiDocument({
    openapi,
    info: { title: 'T', version: '1' },
    paths: { '/a': { get: { operationId: 'op', responses } } },
    components,
  });
  const answers = new MockAnswers(contractFromDocument(document, { isMocked: true }).contract);
  return (wishes: Partial<MockWishes> = {}) => {
    const answer = answers.answer('op', { prefer: null, accept: null, ...wishes });
    return answer.kind === 'answer'
      ? `${answer.status} ${answer.contentType ?? '-'} ${answer.body.toString()}`
      : answer.kind;
  };
}

const json = (media: object) => ({ 'application/json': media }) as JsonValue;
const schemaAnswer = (schema: object, schemas: object = {}) =>
  answersOf({ 200: { description: '', content: json({ schema }) } }, { schemas } as JsonValue)().replace(
    '200 application/json ',
    '',
  );

describe('a mock answer', () => {
  const answer = answersOf(
    {
      404: { description: '', content: json({ example: { not: 'found' } }) },
      201: {
        description: '',
        content: json({ examples: { one: { value: 1 }, two: { $ref: '#/components/examples/Two' } } }),
      },
      200: { description: '' },
      '5XX': { description: '', content: json({ schema: { type: 'string' } }) },
    },
    { examples: { Two: { value: 2 } } },
  );

  it('is the first 2xx of the document with its first example', () => {
    expect(answer()).toBe('200 - ');
    const ordered = answersOf({
      default: { description: '' },
      201: { description: '', content: json({ example: 1 }) },
    });
    expect(ordered()).toBe('201 application/json 1');
    expect(answersOf({ default: { description: '' } })()).toBe('200 - ');
    expect(answersOf({ '2XX': { description: '' } })()).toBe('200 - ');
  });

  it('is what the client prefers', () => {
    expect(answer({ prefer: 'code=404' })).toBe('404 application/json {"not":"found"}');
    expect(answer({ prefer: 'code=201, example=two' })).toBe('201 application/json 2');
    expect(answer({ prefer: 'respond-async; code="201"; example="one"' })).toBe('201 application/json 1');
    expect(answer({ prefer: 'code=503' })).toBe('503 application/json "text"');
    expect(answer({ prefer: 'code=418' })).toBe('not_described');
    expect(answer({ prefer: 'code=201, example=three' })).toBe('not_described');
    expect(answer({ prefer: 'code=201, example=toString' })).toBe('not_described');
  });

  it('has the media type that the client likes best', () => {
    const typed = answersOf({
      200: {
        description: '',
        content: { 'text/plain': { example: 'plain' }, 'application/json': { example: 'json' } },
      },
    });
    expect(typed()).toBe('200 text/plain plain');
    expect(typed({ accept: 'application/json, text/*;q=0.5' })).toBe('200 application/json "json"');
    expect(typed({ accept: 'application/json;q=0, */*' })).toBe('200 text/plain plain');
    expect(typed({ accept: 'image/png' })).toBe('not_acceptable');
  });

  it('is made of the schema where there is no example, the same each time', () => {
    const pet = {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer', minimum: 7 },
        name: { type: 'string', minLength: 6 },
        born: { type: 'string', format: 'date' },
        kind: { enum: ['cat', 'dog'] },
        secret: { type: 'string', writeOnly: true },
        friends: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
      },
    };
    const sample = schemaAnswer({ $ref: '#/components/schemas/Pet' }, { Pet: pet });
    const { friends, ...own } = JSON.parse(sample) as { friends: unknown[] };
    expect(own).toEqual({ id: 7, name: 'textxx', born: '2024-01-31', kind: 'cat' });
    expect(friends).toHaveLength(1);
    expect(schemaAnswer({ $ref: '#/components/schemas/Pet' }, { Pet: pet })).toBe(sample);
  });

  it.each([
    [
      {
        allOf: [
          { type: 'object', properties: { a: { const: 1 } } },
          { type: 'object', properties: { b: { default: 2 } } },
        ],
      },
      '{"a":1,"b":2}',
    ],
    [{ oneOf: [{ type: 'boolean' }, { type: 'string' }] }, 'true'],
    [{ type: 'array', minItems: 2, items: { type: 'number', multipleOf: 5, exclusiveMinimum: 5 } }, '[10,10]'],
    [{ type: 'string', format: 'uuid' }, '"00000000-0000-4000-8000-000000000000"'],
    [{ type: 'string', maxLength: 2 }, '"te"'],
    [{ examples: ['given'] }, '"given"'],
    [{}, 'null'],
  ])('is, for %j, %s', (schema, sample) => {
    expect(schemaAnswer(schema)).toBe(sample);
  });
});
