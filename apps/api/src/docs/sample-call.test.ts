import { describe, expect, it } from 'vitest';
import { codeSamplesOf } from './code-samples.js';
import { sampleCall } from './sample-call.js';

const document = {
  components: {
    parameters: { Code: { name: 'code', in: 'path', required: true, schema: { type: 'string' }, example: 'FR/1' } },
    schemas: {
      City: {
        type: 'object',
        required: ['name', 'size'],
        properties: {
          name: { type: 'string', examples: ['Lyon'] },
          size: { type: 'integer', minimum: 3 },
          note: { type: 'string' },
        },
      },
      Loop: { type: 'object', properties: { next: { $ref: '#/components/schemas/Loop' } } },
    },
  },
};
const place = (operation: Record<string, never> | object) => ({
  method: 'post',
  template: '/countries/{code}/cities',
  item: { parameters: [{ $ref: '#/components/parameters/Code' }] },
  operation: operation as Record<string, never>,
});

describe('sampleCall', () => {
  it('fills in paths and required queries from examples, and bodies from required properties', () => {
    const call = sampleCall(document, 'http://gw/atlas', {
      ...place({
        parameters: [
          { name: 'lang', in: 'query', required: true, schema: { enum: ['de', 'en'] } },
          { name: 'page', in: 'query', schema: { type: 'integer' } },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/City' } } } },
      }),
    });
    expect(call).toEqual({
      method: 'POST',
      url: 'http://gw/atlas/countries/FR%2F1/cities?lang=de',
      body: JSON.stringify({ name: 'Lyon', size: 3 }, null, 2),
    });
  });

  it('comes to an end in schemas that contain themselves', () => {
    const body = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Loop' } } } };
    expect(sampleCall(document, '', place({ requestBody: body })).body).toContain('"next": null');
  });
});

describe('codeSamplesOf', () => {
  it('writes the call in each language, with quotes that stay inside their strings', () => {
    const samples = codeSamplesOf({ method: 'PUT', url: `http://gw/it's`, body: `{"a": "it's \`here\`"}` }) as {
      label: string;
      source: string;
    }[];
    const sources = Object.fromEntries(samples.map(({ label, source }) => [label, source]));
    expect(Object.keys(sources)).toEqual(['curl', 'JavaScript', 'Python', 'Go', 'PHP', 'Java', 'C#']);
    expect(sources['curl']).toBe(
      `curl -X PUT 'http://gw/it'\\''s' \\\n  -H 'x-api-key: tg_test_…' \\\n  -H 'content-type: application/json' \\\n  -d '{"a": "it'\\''s \`here\`"}'`,
    );
    expect(sources['PHP']).toContain(`'{"a": "it\\'s \`here\`"}'`);
    expect(sources['Go']).toContain('"it\'s ` + "`" + `here` + "`" + `"');
  });
});
