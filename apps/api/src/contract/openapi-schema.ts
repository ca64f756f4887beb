import { z } from 'zod';

interface ConvertedSchema {
  readonly schema: unknown;
  readonly components: Record<string, unknown>;
}

/**
 * A zod schema in the JSON Schema dialect of OpenAPI 3.1. Schemas with an id become components, so that the types that
 * clients generate have names.
 */
export function toOpenApiSchema(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): ConvertedSchema | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  // Inside a property even the outermost schema can be a reference; alone it would be inlined.
  const converted = z.toJSONSchema(z.object({ root: schema }), {
    target: 'draft-2020-12',
    io: schemaType,
    override: ({ jsonSchema }) => dropNoise(jsonSchema),
  });
  const components = Object.entries(converted.$defs ?? {}).map(([name, { id: _id, ...definition }]) => [
    name,
    definition,
  ]);
  return { schema: converted.properties?.['root'], components: Object.fromEntries(components) };
}

const FORMATS_THAT_SAY_IT = new Set(['uuid', 'date-time', 'email']);

/** Patterns that only spell out a format, and the bounds of every JSON integer, help nobody who reads. */
function dropNoise(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined && FORMATS_THAT_SAY_IT.has(schema.format)) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.readOnly;
}
