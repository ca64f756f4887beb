import { describe, expect, it } from 'vitest';
import { SchemaChecker } from '../validation/schema-checker.js';
import type { JsonObject } from '../document/json-value.js';
import { inlineSchema } from './inline-schema.js';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const documentOf = (schemas: JsonObject): JsonObject => ({ components: { schemas } });

describe('schemas that refer to nothing', () => {
  it('have what they referred to in its place, and end where it comes again', () => {
    const document = documentOf({
      Node: { type: 'object', properties: { value: reference('Value'), next: reference('Node') } },
      Value: { type: 'integer', description: 'A value.' },
    });
    expect(inlineSchema(document, reference('Node'))).toEqual({
      type: 'object',
      properties: {
        value: { type: 'integer', description: 'A value.' },
        next: { description: 'Again what Node is, as above.' },
      },
    });
  });

  it('are of JSON Schema 2020-12, whatever the document is of', () => {
    const schema = {
      type: 'number',
      nullable: true,
      minimum: 0,
      exclusiveMinimum: true,
      enum: [1, 2],
      xml: {},
      example: 1,
    };
    expect(inlineSchema({}, schema)).toEqual({
      type: ['number', 'null'],
      exclusiveMinimum: 0,
      enum: [1, 2, null],
      examples: [1],
    });
    expect(new SchemaChecker({}).faultOf(inlineSchema({}, schema))).toBeNull();
  });

  it('take words beside a reference, and add what else stands there', () => {
    const document = documentOf({ Text: { type: 'string', description: 'Old' } });
    expect(inlineSchema(document, { ...reference('Text'), description: 'New' })).toEqual({
      type: 'string',
      description: 'New',
    });
    expect(inlineSchema(document, { ...reference('Text'), maxLength: 3 })).toEqual({
      maxLength: 3,
      allOf: [{ type: 'string', description: 'Old' }],
    });
  });

  it('are bounded, however a document multiplies', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `S${n}`,
        {
          type: 'object',
          properties: { a: reference(`S${n + 1}`), b: reference(`S${n + 1}`), c: reference(`S${n + 1}`) },
        },
      ]),
    );
    const document = documentOf({ ...schemas, S40: { type: 'string', description: 'x'.repeat(10_000) } });
    expect(JSON.stringify(inlineSchema(document, reference('S0'))).length).toBeLessThan(60_000);
    expect(JSON.stringify(inlineSchema(document, reference('S40')))).toHaveLength(534);
    const nowhere = inlineSchema({}, { $ref: '#/nowhere' });
    expect(nowhere).toEqual({});
  });
});
