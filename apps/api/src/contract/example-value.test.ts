import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { type DescribedSchema, ExampleMaker } from './example-value.js';

interface Media {
  readonly schema: { readonly $ref?: string };
  readonly example?: unknown;
}
interface Part {
  readonly content?: Readonly<Record<string, Media>>;
}

const document = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { requestBody?: Part; responses: Record<string, Part> }>>;
  components: { schemas: Record<string, DescribedSchema> };
};
const media = Object.entries(document.paths).flatMap(([template, item]) =>
  Object.entries(item).flatMap(([method, { requestBody, responses }]) => {
    const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    return [['body', requestBody ?? {}] as const, ...answers].flatMap(([what, { content = {} }]) =>
      Object.entries(content)
        .filter(([type]) => /[/+]json$/.test(type))
        .map(([type, described]) => [`${method.toUpperCase()} ${template}: ${what} in ${type}`, described] as const),
    );
  }),
);

describe('the examples of the OpenAPI document', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });

  it('are of every body and every answer in JSON, and what their schemas say', () => {
    expect(media.length).toBeGreaterThan(250);
    for (const [name, { schema, example }] of media) {
      expect(example, name).toBeDefined();
      const check = ajv.compile({ $ref: `document${schema.$ref!}` });
      expect(check(example), `${name}: ${JSON.stringify(check.errors)}`).toBe(true);
    }
  });
});

describe('an example', () => {
  const uuid = { type: 'string', format: 'uuid' } as const;
  const application: DescribedSchema = {
    type: 'object',
    properties: {
      id: uuid,
      name: { type: 'string' },
      suspendedAt: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
      mode: { type: 'string', enum: ['live', 'test'] },
      limit: { type: 'integer', maximum: 5 },
      quantities: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'string' } },
    },
    required: ['name', 'mode'],
  };
  const maker = new ExampleMaker({ Application: application });
  const application$ = { $ref: '#/components/schemas/Application' };

  it('of an answer has every field, and names things as other answers do', () => {
    const { id, ...rest } = maker.make(application$, 'answer') as Record<string, unknown>;
    const expected = {
      name: 'Storefront',
      suspendedAt: null,
      mode: 'live',
      limit: 5,
      quantities: { requests: '1200' },
    };
    expect(rest).toEqual(expected);
    const mention: DescribedSchema = { type: 'object', properties: { applicationId: uuid } };
    expect(maker.make(mention, 'answer')).toEqual({ applicationId: id });
  });

  it('of a body has what is needed, and something to change where nothing is', () => {
    expect(maker.make(application$, 'request')).toEqual({ name: 'Storefront', mode: 'live' });
    expect(maker.make({ ...application, required: [] }, 'request')).toHaveProperty('id');
  });

  it('is refused for a text that nothing is known of', () => {
    const strange: DescribedSchema = { type: 'object', properties: { flavour: { type: 'string' } } };
    expect(() => maker.make(strange, 'answer')).toThrow('flavour: add one to EXAMPLE_TEXTS');
  });
});
